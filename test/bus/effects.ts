import type { JetStreamManager } from '@nats-io/jetstream';
import { SERVICES } from '#contracts/rpc';
import { streamsOf } from '#messaging/streams';
import type { TestDatabase } from '#testing/database';

/** Each table's rows, and how far each stream has come, as a word: whatever a message has done shows in one of them. */
export async function stateOf(
  { ownerDataSource }: TestDatabase,
  jsm: JetStreamManager,
): Promise<Record<string, string>> {
  const state: Record<string, string> = {};
  const tables = await ownerDataSource.query<{ name: string }[]>(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1`,
  );
  for (const { name } of tables) {
    const [row] = await ownerDataSource.query<{ content: string }[]>(
      `SELECT count(*) || ' rows ' || md5(coalesce(string_agg(t::text, chr(10) ORDER BY t::text), '')) AS content
       FROM ${name} t`,
    );
    state[name] = row!.content;
  }
  for (const { name } of SERVICES.flatMap((service) => streamsOf(service))) {
    const { state: stream } = await jsm.streams.info(name);
    state[name] = `${stream.messages} up to ${stream.last_seq}`;
  }
  return state;
}

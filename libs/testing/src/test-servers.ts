import type { NatsUser } from '#embedded/nats-config';
import type { DatabaseService } from '#embedded/provision-sql';

/** Where the servers of this test run are. */
export interface TestServers {
  /** Of the superuser. */
  postgresUrl: string;
  roles: Record<DatabaseService, { owner: string; runtime: string }>;
  natsUrl: string;
  natsPasswords: Record<NatsUser, string>;
}

/** Put into the environment by `global-setup.mjs`. */
export function testServers(): TestServers {
  const json = process.env['HFX_TEST_SERVERS'];
  if (!json) throw new Error('No test servers: run tests with `npm run jest`');
  return JSON.parse(json) as TestServers;
}

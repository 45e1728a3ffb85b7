import { DATABASE_SERVICES } from '#embedded/provision-sql';
import { builtProgram } from '#embedded/programs';
import { eventually } from '#testing/eventually';
import { expectNone } from './kept.js';
import { expectInboxesFull, expectNothingParked, expectOutboxesEmpty } from './messages.js';
import type { Witness } from './witness.js';

/** What a service keeps of others' events: it can be emptied, and told anew. */
const PROJECTIONS: Record<string, string[]> = {
  auth: [],
  customers: ['users'],
  sales: ['settings'],
  billing: [
    'users',
    'settings',
    'customers',
    'owner_versions',
    'products',
    'charges',
    'ledger_entries',
    'sales_by_month',
  ],
};

/** What a service alone knows, beside what every service has for its messages. */
const OWN: Record<string, string[]> = {
  auth: [
    'users',
    'sessions',
    'refresh_tokens',
    'signing_keys',
    'login_counters',
    'known_addresses',
    'settings',
    'teams',
    'api_tokens',
  ],
  customers: [
    'customer_statuses',
    'customers',
    'customer_names',
    'owner_access',
    'delegations',
    'delegation_customers',
    'transfers',
    'transfer_customers',
    'hand_overs',
    'duplicate_probes',
    'custom_fields',
    'customer_counts',
    'saved_views',
    'contacts',
    'follow_ups',
    'log_entries',
    'takeaways',
  ],
  sales: ['product_categories', 'products', 'purchases', 'payments', 'quotes', 'quote_lines', 'quote_numbers'],
  billing: [
    'reminders',
    'sweep_watermark',
    'sweeps',
    'sweep_shards',
    'digest_subscriptions',
    'digests',
    'digest_balances',
    'dunning_notices',
    'dunning_notice_numbers',
    'dunning_notice_prints',
  ],
};
const COMMON = /^(outbox|outbox_streams|inbox|inbox_positions|parked|idempotency|migrations|import.*)$/;

/** A table that nobody has spoken of may be a projection that is never tried. */
export async function expectTablesKnown(witness: Witness): Promise<void> {
  const rows = await witness.rows<{ service: string; name: string }>(
    `SELECT schemaname AS service, tablename AS name FROM pg_tables WHERE schemaname = ANY ($1)`,
    [DATABASE_SERVICES],
  );
  const unknown = rows.filter(({ service, name }) => {
    return !COMMON.test(name) && !PROJECTIONS[service]?.includes(name) && !OWN[service]?.includes(name);
  });
  expectNone(
    'tables of which this file does not say whether they are projections',
    unknown.map(({ service, name }) => `${service}.${name}`),
  );
}

/**
 * Empties every projection, has their owners tell everything anew, and finds the same rows again, column by column; and
 * what rests on them, the reminders, unmoved. At rest only: whatever happens meanwhile would make a difference.
 */
export async function expectRebuildTheSame(witness: Witness): Promise<void> {
  await expectTablesKnown(witness);
  const tables = Object.entries(PROJECTIONS).flatMap(([service, names]) => names.map((name) => `${service}.${name}`));
  const watched = [...tables, 'billing.reminders'];
  const before = await dump(witness, watched);
  await witness.rows(`TRUNCATE ${tables.join(', ')}`);
  for (const service of DATABASE_SERVICES) {
    await witness.system.run(service, builtProgram(service, 'maintain'), ['republish']);
  }
  await eventually(async () => {
    await expectOutboxesEmpty(witness);
    await expectInboxesFull(witness);
  }, 60_000);
  await expectNothingParked(witness);
  const after = await dump(witness, watched);
  expectNone('rows that are not what they were before the rebuild', [
    ...missing(before, after, 'gone or changed'),
    ...missing(after, before, 'new or changed'),
  ]);
}

async function dump(witness: Witness, tables: string[]): Promise<Set<string>> {
  const found = new Set<string>();
  for (const table of tables) {
    const rows = await witness.rows<{ row: string }>(`SELECT to_jsonb(t)::text AS row FROM ${table} t`);
    for (const { row } of rows) found.add(`${table} ${row}`);
  }
  return found;
}

const missing = (from: Set<string>, to: Set<string>, what: string) =>
  [...from].filter((row) => !to.has(row)).map((row) => `${what}: ${row}`);

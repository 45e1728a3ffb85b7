import pg from 'pg';
import { addMonths } from '#calendar/dates';
import { reminderChanged } from '#contracts/billing';
import { feesDue } from './data.js';
import type { Ground } from './ground.js';
import { median } from './measure.js';

export interface RemindersCompared {
  count: number;
  /** In ms, medians: from the trigger to the last commit, and the two single statements in a transaction. */
  product: number;
  insert: number;
  insertWithEvents: number;
}

const DUE = `
  INSERT INTO reminders AS r (kind, purchase_id, customer_id, period_start, amount)
  SELECT 'service-fee', purchase_id, customer_id, service_ends_on, coalesce(annual_fee, 0)
  FROM charges WHERE remind AND voided_on IS NULL AND service_ends_on = $1::date`;
/** With what the product writes besides: an event for each. */
const DUE_AND_TOLD = `
  WITH opened AS (${DUE} RETURNING r.*)
  INSERT INTO outbox (subject, payload)
  SELECT '${reminderChanged.subject}', jsonb_build_object('id', uuidv7(), 'subject', '${reminderChanged.subject}',
    'aggregateId', id, 'version', version, 'at', app.now(), 'by', null, 'data', jsonb_build_object('id', id, 'kind', kind,
      'purchaseId', purchase_id, 'customerId', customer_id, 'periodStart', period_start, 'amount', amount::text,
      'state', state, 'action', 'opened'))
  FROM opened`;

/** All reminders of one day: by a sweep of the product's, and by one statement. In turns. */
export async function compareReminders(ground: Ground, customers: number, rounds: number): Promise<RemindersCompared> {
  const count = feesDue(customers);
  const client = new pg.Client({ connectionString: ground.system.databases.billing.runtime, application_name: 'bare' });
  await client.connect();
  try {
    const endsOn = await endOfService(ground);
    const begin = async () => {
      await ground.settled();
      await ground.rows(`DELETE FROM billing.reminders WHERE kind = 'service-fee' AND period_start = $1`, [endsOn]);
    };
    const bare = async (insert: string) => {
      await begin();
      const began = performance.now();
      await client.query('BEGIN');
      await client.query(insert, [endsOn]);
      await client.query('COMMIT');
      return checked(ground, endsOn, count, performance.now() - began);
    };
    const product = async () => {
      await begin();
      return checked(ground, endsOn, count, await sweep(ground, count));
    };
    // Whatever else is due, such as arrears, is opened by the first one.
    await sweep(ground, 0);
    const times = { product: [] as number[], insert: [] as number[], insertWithEvents: [] as number[] };
    for (let round = 0; round < rounds; round++) {
      times.product.push(await product());
      times.insert.push(await bare(DUE));
      times.insertWithEvents.push(await bare(DUE_AND_TOLD));
    }
    const [a, b, c] = [times.product, times.insert, times.insertWithEvents].map(median) as [number, number, number];
    return { count, product: a, insert: b, insertWithEvents: c };
  } finally {
    await client.end();
  }
}

/** Asks for a sweep, and gives how long it took until `count` more reminders were committed and all shards done, in ms. */
async function sweep(ground: Ground, count: number): Promise<number> {
  const admin = await ground.signIn('admin');
  const state = async () => {
    const [row] = await ground.rows<{ opened: number; done: boolean }>(
      `SELECT coalesce(sum(opened), 0)::int AS opened, bool_and(done_at IS NOT NULL) AS done FROM billing.sweep_shards
       WHERE as_of = $1`,
      [ground.today],
    );
    return row;
  };
  const before = await state();
  const began = performance.now();
  let took = 0;
  const answered = fetch(`${ground.system.url}/api/v1/reminder-sweeps`, {
    method: 'POST',
    headers: { authorization: `Bearer ${admin.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ asOf: ground.today }),
  });
  let isOver = false;
  void answered.finally(() => (isOver = true)).catch(() => undefined);
  for (;;) {
    const { opened, done } = await state();
    if (took === 0 && count > 0 && opened >= before.opened + count) took = performance.now() - began;
    if (isOver && done && opened >= before.opened + count) break;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const { status } = await answered;
  if (status !== 200) throw new Error(`The sweep was answered with ${status}`);
  return took;
}

/** A folder that was prepared on another day has its fees due since then. */
async function endOfService(ground: Ground): Promise<string> {
  const [{ day }] = await ground.rows<{ day: string | null }>(
    `SELECT service_ends_on::text AS day FROM billing.charges WHERE remind AND service_ends_on <= $1
     GROUP BY service_ends_on ORDER BY count(*) DESC LIMIT 1`,
    [addMonths(ground.today, 1)],
  );
  if (day === null) throw new Error('No service fee is due');
  return day;
}

async function checked(ground: Ground, endsOn: string, count: number, took: number): Promise<number> {
  const [{ opened }] = await ground.rows<{ opened: number }>(
    `SELECT count(*)::int AS opened FROM billing.reminders WHERE kind = 'service-fee' AND period_start = $1`,
    [endsOn],
  );
  if (opened !== count) throw new Error(`${opened} reminders were opened, not ${count}`);
  return took;
}

import { expectNone } from './kept.js';
import type { Witness } from './witness.js';

interface Pair {
  what: string;
  /** Two questions with the same columns, the first of them naming the row. */
  truth: string;
  told: string;
}

const user = 'id, username, display_name, role, active, version';

/** What a service has learnt of another is what that other holds. */
const COPIES: Pair[] = [
  { what: 'users in customers', truth: `SELECT ${user} FROM auth.users`, told: `SELECT ${user} FROM customers.users` },
  {
    what: 'users in billing',
    truth: `SELECT ${user}, email, language FROM auth.users`,
    told: `SELECT ${user}, email, language FROM billing.users`,
  },
  {
    what: 'customers in billing',
    truth: `SELECT id, name, owner_id, code, language, deleted_at IS NOT NULL, version FROM customers.customers`,
    told: `SELECT id, name, owner_id, code, language, deleted, version FROM billing.customers`,
  },
  {
    what: 'access versions in billing',
    truth: `SELECT owner_id, version FROM customers.owner_access`,
    told: `SELECT owner_id, version FROM billing.owner_versions`,
  },
  {
    what: 'charges in billing',
    truth: `SELECT id, customer_id, product_name, payable, paid, sold_on, due_on, voided_on, annual_fee, service_ends_on,
      remind, version FROM sales.purchases`,
    told: `SELECT purchase_id, customer_id, product_name, payable, paid, sold_on, due_on, voided_on, annual_fee,
      service_ends_on, remind, version FROM billing.charges`,
  },
  {
    what: 'ledger entries in billing',
    truth: `SELECT id, purchase_id, amount, paid_on FROM sales.payments`,
    told: `SELECT payment_id, purchase_id, amount, paid_on FROM billing.ledger_entries`,
  },
];

const newest = (service: string, subject: string) =>
  `SELECT (payload->>'aggregateId')::uuid, max((payload->>'version')::int) FROM ${service}.outbox
   WHERE subject = 'evt.${service}.${subject}.v1' GROUP BY 1`;

/** A change and its event are written in one transaction: each aggregate stands at the version that was told last. */
const TOLD: Pair[] = [
  {
    what: 'customers and their events',
    truth: `SELECT id, version FROM customers.customers`,
    told: `SELECT id, max(version) FROM (
        SELECT (payload->>'aggregateId')::uuid AS id, (payload->>'version')::int AS version FROM customers.outbox
        WHERE subject = 'evt.customers.customer.changed.v1'
        UNION ALL
        SELECT (moved->>'id')::uuid, (moved->>'version')::int FROM customers.outbox
          CROSS JOIN LATERAL jsonb_array_elements(payload->'data'->'customers') moved
        WHERE subject = 'evt.customers.ownership.changed.v1') told GROUP BY id`,
  },
  {
    what: 'delegations and their events',
    truth: `SELECT id, version FROM customers.delegations`,
    told: newest('customers', 'delegation.changed'),
  },
  {
    what: 'purchases and their events',
    truth: `SELECT id, version FROM sales.purchases`,
    told: newest('sales', 'purchase.changed'),
  },
  {
    what: 'payments and their events',
    truth: `SELECT id, 1 FROM sales.payments`,
    told: newest('sales', 'payment.recorded'),
  },
  {
    what: 'reminders and their events',
    truth: `SELECT id, version FROM billing.reminders`,
    told: newest('billing', 'reminder.changed'),
  },
  { what: 'users and their events', truth: `SELECT id, version FROM auth.users`, told: newest('auth', 'user.changed') },
];

const sums = (ledger: string) => `SELECT purchase_id, sum(amount) FROM ${ledger} GROUP BY 1`;

/** Balances are the ledger's sums. */
const BALANCES: Pair[] = [
  {
    what: 'balances in sales',
    truth: sums('sales.payments'),
    told: `SELECT id, paid FROM sales.purchases p
      WHERE paid <> 0 OR EXISTS (SELECT FROM sales.payments WHERE purchase_id = p.id)`,
  },
  {
    what: 'balances in billing',
    truth: sums('billing.ledger_entries'),
    told: `SELECT purchase_id, paid FROM billing.charges c
      WHERE paid <> 0 OR EXISTS (SELECT FROM billing.ledger_entries e WHERE e.purchase_id = c.purchase_id)`,
  },
];

/** What was written together agrees, in each service at every moment. */
export const expectConsistent = (witness: Witness): Promise<void> => expectSame(witness, [...TOLD, ...BALANCES]);

/** What travelled has arrived, once everything is at rest. */
export const expectCopiesTrue = (witness: Witness): Promise<void> => expectSame(witness, COPIES);

async function expectSame(witness: Witness, pairs: Pair[]): Promise<void> {
  for (const { what, truth, told } of pairs) {
    const rows = await witness.rows<{ difference: string }>(
      `WITH truth AS (${truth}), told AS (${told})
       SELECT 'only there: ' || gone::text AS difference FROM (TABLE truth EXCEPT TABLE told) gone
       UNION ALL SELECT 'only here: ' || extra::text FROM (TABLE told EXCEPT TABLE truth) extra`,
    );
    expectNone(
      `differences in ${what}`,
      rows.map(({ difference }) => difference),
    );
  }
}

import { eventually } from '#testing/eventually';
import { expectNone } from './kept.js';
import type { Witness } from './witness.js';

/** Every day that was to be swept is, in all its parts. */
export const expectSwept = (witness: Witness): Promise<void> =>
  eventually(
    async () => {
      const open = await witness.rows<{ what: string }>(
        `SELECT as_of || ' ' || shard AS what FROM billing.sweep_shards WHERE done_at IS NULL`,
      );
      expectNone(
        'shards that are not swept',
        open.map(({ what }) => what),
      );
    },
    60_000,
    200,
  );

/**
 * At rest: each overdue purchase of a customer who is there has one reminder, and no other has; each was told once as
 * opened. A deleted customer keeps his: they are there again when he is restored.
 */
export async function expectReminded(witness: Witness): Promise<void> {
  const wrong = await witness.rows<{ what: string }>(
    `WITH owed AS (
       SELECT purchase_id FROM billing.charges c JOIN billing.customers k ON k.id = c.customer_id
       WHERE paid < payable AND voided_on IS NULL AND due_on < current_date AND NOT k.deleted),
     reminded AS (
       SELECT purchase_id FROM billing.reminders r JOIN billing.customers k ON k.id = r.customer_id
       WHERE kind = 'arrears' AND state <> 'settled' AND NOT k.deleted),
     opened AS (
       SELECT payload->>'aggregateId' AS id, count(*) AS times FROM billing.outbox
       WHERE subject = 'evt.billing.reminder.changed.v1' AND payload->>'version' = '1' GROUP BY 1)
     SELECT 'not reminded: ' || purchase_id AS what FROM (TABLE owed EXCEPT TABLE reminded) missing
     UNION ALL SELECT 'reminded without need: ' || purchase_id FROM (TABLE reminded EXCEPT TABLE owed) extra
     UNION ALL SELECT 'reminded twice: ' || purchase_id FROM billing.reminders
       WHERE kind = 'arrears' AND state <> 'settled' GROUP BY purchase_id HAVING count(*) > 1
     UNION ALL SELECT 'told so many times as opened: ' || times || ' ' || r.id FROM billing.reminders r
       LEFT JOIN opened ON opened.id = r.id::text WHERE times IS DISTINCT FROM 1`,
  );
  expectNone(
    'reminders that are not as they should be',
    wrong.map(({ what }) => what),
  );
}

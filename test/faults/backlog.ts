import type { Api } from '#testing/api';
import type { Witness } from '../oracles/witness.js';

/**
 * Makes ready for more purchases at once than a client could record in a test's time, all like one that a client did.
 * What it gives records them, with the event of each, in one transaction.
 */
export async function backlogOf(
  admin: Api,
  owner: Api,
  witness: Witness,
  count: number,
): Promise<() => Promise<unknown>> {
  const product = { code: 'BULK', name: '批量', unit: '件', guidePrice: '1.00', kind: 'goods' };
  const { body: sold } = await admin.post('/products', product).expect(201);
  const { body: customer } = await owner.post('/customers', { name: '大客户', keyword: '大客户' }).expect(201);
  const one = { productId: sold.id, quantity: '1', unitPrice: '1.00', soldOn: '2025-01-01' };
  const { body } = await owner.post(`/customers/${customer.id}/purchases`, { purchases: [one] }).expect(201);
  const [like] = (body as { items: { id: string }[] }).items;
  const columns = await witness.rows<{ name: string }>(
    `SELECT column_name AS name FROM information_schema.columns
     WHERE table_schema = 'sales' AND table_name = 'purchases' AND column_name <> 'id'`,
  );
  const same = columns.map(({ name }) => name).join(', ');
  return () =>
    witness.rows(
      `WITH made AS (
         INSERT INTO sales.purchases (id, ${same})
         SELECT uuidv7(), ${same} FROM sales.purchases, generate_series(1, $2) WHERE id = $1 RETURNING id),
       told AS MATERIALIZED (SELECT id AS purchase_id, uuidv7() AS id FROM made)
       INSERT INTO sales.outbox (id, subject, payload)
       SELECT told.id, subject, payload || jsonb_build_object('id', told.id, 'aggregateId', purchase_id,
         'data', payload->'data' || jsonb_build_object('id', purchase_id))
       FROM told CROSS JOIN (SELECT subject, payload FROM sales.outbox WHERE payload->>'aggregateId' = $1::text) like_it`,
      [like!.id, count],
    );
}

import type { z } from 'zod';
import * as renewals from '#contracts/renewals';
import * as sales from '#contracts/sales';
import { database, on, refusal, startSales, TODAY, told, type Sales, type StandInCustomer } from './fixture.js';

type Changed = z.output<typeof sales.purchaseChanged.data>;

let it_: Sales;
let customer: StandInCustomer;
beforeAll(async () => (it_ = await startSales(await database())));
afterAll(() => it_?.close());
beforeEach(() => (customer = it_.customer(it_.anna)));

const sold = async (more: object, catalogue: object = {}) => {
  const product = await it_.product({ annualFee: '120', ...catalogue });
  const purchases = [{ productId: product.id, quantity: '1', ...more }];
  const { items } = await it_.ask(
    sales.createPurchases,
    { customerId: customer.id, purchases },
    on(it_.anna, customer),
  );
  return items[0]!;
};
const paid = { paidOn: TODAY, method: 'transfer' as const };
const renew = (purchaseId: string, more: object = {}, call = on(it_.anna, customer)) =>
  it_.ask(renewals.renewPurchase, { customerId: customer.id, purchaseId, years: 1, ...paid, ...more }, call);
const endsAfter = async (purchaseId: string, ...years: number[]) => {
  const ends: (string | undefined)[] = [];
  for (const each of years) ends.push((await renew(purchaseId, { years: each })).purchase.serviceEndsOn);
  return ends;
};
const all = async (includeVoided = 'true') =>
  (await it_.ask(sales.listPurchases, { customerId: customer.id, includeVoided }, on(it_.anna, customer))).items;

describe('a renewal', () => {
  it('moves the end of the service, and books the fee as a purchase that is paid [S17]', async () => {
    const { id, version } = await sold({ serviceEndsOn: '2024-06-15' });
    const { purchase, feePurchase, payment } = await renew(id, { years: 3, paidOn: '2024-05-20', reference: 'T-77' });
    expect(purchase).toMatchObject({ id, serviceEndsOn: '2027-06-15', annualFee: '120.00', remind: true });
    expect(purchase.version).toBe(version + 1);
    expect(feePurchase).toMatchObject({
      ...{ renewsId: id, productId: purchase.productId, quantity: '3', unitPrice: '120.00', payable: '360.00' },
      ...{ paid: '360.00', balance: '0.00', inArrears: false, remind: false, unit: '年' },
      ...{ soldOn: '2024-05-20', dueOn: '2024-05-20', soldById: it_.anna.userId },
    });
    expect(payment).toMatchObject({
      ...{ purchaseId: feePurchase.id, amount: '360.00', paidOn: '2024-05-20', method: 'transfer', reference: 'T-77' },
    });
    const events = await told<Changed>(it_.db, sales.purchaseChanged.subject);
    expect(events.slice(-2)).toMatchObject([
      { version: version + 1, by: { userId: it_.anna.userId }, data: { id, action: 'renewed' } },
      { version: 1, data: { id: feePurchase.id, action: 'recorded', paid: '360.00', renewsId: id } },
    ]);
    const [entry] = (await told<{ purchaseId: string }>(it_.db, sales.paymentRecorded.subject)).slice(-1);
    expect(entry).toMatchObject({ data: { purchaseId: feePurchase.id, amount: '360.00' } });
  });

  it('counts from the anchor, so that no short month or year wears the day away [S17]', async () => {
    const leap = await sold({ serviceEndsOn: '2024-02-29' });
    expect(await endsAfter(leap.id, 1, 2, 1)).toEqual(['2025-02-28', '2027-02-28', '2028-02-29']);
    const atOnce = await sold({ serviceEndsOn: '2024-02-29' });
    expect(await endsAfter(atOnce.id, 4)).toEqual(['2028-02-29']);
    // Twelve months from the sale on a 29 February; six from a 31 August, which end on the last of February.
    const year = await sold({ soldOn: '2024-02-29' }, { serviceMonths: 12 });
    expect([year.serviceEndsOn, ...(await endsAfter(year.id, 3))]).toEqual(['2025-02-28', '2028-02-29']);
    const half = await sold({ soldOn: '2023-08-31' }, { serviceMonths: 6 });
    expect([half.serviceEndsOn, ...(await endsAfter(half.id, 1, 3))]).toEqual([
      '2024-02-29',
      '2025-02-28',
      '2028-02-29',
    ]);
  });

  it('begins at a date that somebody has set anew', async () => {
    const { id: purchaseId } = await sold({ serviceEndsOn: '2024-02-29' });
    await renew(purchaseId);
    const editing = { customerId: customer.id, purchaseId, patch: { serviceEndsOn: '2026-06-30' } };
    await it_.ask(sales.updatePurchase, editing, on(it_.anna, customer, { ifMatch: '*' }));
    expect(await endsAfter(purchaseId, 2)).toEqual(['2028-06-30']);
  });

  it('counts what was sold before anchors were kept from its end date', async () => {
    const { id } = await sold({ serviceEndsOn: '2024-06-30' });
    await it_.db.dataSource.query(
      `UPDATE purchases SET service_anchor_on = NULL, service_months = NULL WHERE id = $1`,
      [id],
    );
    expect(await endsAfter(id, 1)).toEqual(['2025-06-30']);
  });

  it('happens once for an idempotency key, also of two that come at once', async () => {
    const { id } = await sold({ serviceEndsOn: '2024-06-15' });
    const call = on(it_.anna, customer, { idempotencyKey: crypto.randomUUID() });
    const twice = await Promise.all([renew(id, {}, call), renew(id, {}, call)]);
    expect(twice[1]).toEqual(twice[0]);
    expect(twice[0].purchase.serviceEndsOn).toBe('2025-06-15');
    expect(await all()).toHaveLength(2);
    expect(await refusal(renew(id, { years: 2 }, call))).toBe('rule-violated/idempotency-key-reused');
  });

  it('of two without a key both count, one after the other', async () => {
    const { id } = await sold({ serviceEndsOn: '2024-06-15' });
    const ends = await Promise.all([renew(id), renew(id)]);
    expect(ends.map(({ purchase }) => purchase.serviceEndsOn).sort()).toEqual(['2025-06-15', '2026-06-15']);
  });

  it('is refused without a fee or an end, of what is void, or ahead of time, and leaves nothing behind', async () => {
    const plain = await sold({}, { annualFee: undefined });
    const free = await sold({ serviceEndsOn: '2024-06-15', annualFee: '0' });
    const service = await sold({ serviceEndsOn: '2024-06-15' });
    for (const { id } of [plain, free]) expect(await refusal(renew(id))).toBe('rule-violated/not-renewable');
    expect(await refusal(renew(service.id, { paidOn: '2024-06-01' }))).toBe('rule-violated/date-in-future /paidOn');
    expect(await refusal(renew(service.id, { years: 0 }))).toBe('invalid/validation /years');
    const voiding = { customerId: customer.id, purchaseId: service.id, reason: '误录' };
    await it_.ask(sales.voidPurchase, voiding, on(it_.anna, customer));
    expect(await refusal(renew(service.id))).toBe('rule-violated/purchase-voided');
    expect(await refusal(renew(crypto.randomUUID()))).toBe('not-found/not-found');
    expect(await all()).toHaveLength(3);
  });

  it("books the fee of a product that isn't sold any more", async () => {
    const { id, productId } = await sold({ serviceEndsOn: '2024-06-15' });
    const patch = { active: false };
    await it_.ask(sales.updateProduct, { productId, patch }, { as: it_.admin, ifMatch: '*' });
    expect(await renew(id)).toMatchObject({ feePurchase: { productId, payable: '120.00' } });
  });

  it('is for whoever edits the customer: a delegate for the owner, never finance [P4] [P5]', async () => {
    const { id } = await sold({ serviceEndsOn: '2024-06-15' });
    expect(await refusal(renew(id, {}, on(it_.finance, customer)))).toBe('forbidden/forbidden');
    const { feePurchase } = await renew(id, {}, on(it_.bert, customer));
    expect(feePurchase.soldById).toBe(it_.bert.userId);
    const by = { userId: it_.bert.userId, forUserId: it_.anna.userId };
    for (const { subject } of [sales.purchaseChanged, sales.paymentRecorded]) {
      expect((await told(it_.db, subject)).at(-1)).toMatchObject({ by });
    }
  });
});

it('the seller at the time stays when the customer has moved to another [S14]', async () => {
  const { id } = await sold({});
  customer.ownerId = it_.bert.userId;
  const { items } = await it_.ask(sales.listPurchases, { customerId: customer.id }, on(it_.bert, customer));
  expect(items).toMatchObject([{ id, soldById: it_.anna.userId }]);
});

it('a product has a lead time of its own, and tells of every change [S1]', async () => {
  const product = await it_.product({ serviceFeeLead: 'P2M' });
  expect(product.serviceFeeLead).toBe('P2M');
  const edit = (patch: object) =>
    it_.ask(sales.updateProduct, { productId: product.id, patch }, { as: it_.admin, ifMatch: '*' });
  expect(await refusal(edit({ serviceFeeLead: '2 months' }))).toBe('invalid/validation /patch/serviceFeeLead');
  expect((await edit({ serviceFeeLead: null })).serviceFeeLead).toBeUndefined();
  await edit({ serviceFeeLead: null });
  await it_.ask(sales.deleteProduct, { productId: product.id }, { as: it_.admin, ifMatch: '*' });
  const events = await told<z.output<typeof sales.productChanged.data>>(it_.db, sales.productChanged.subject);
  const own = events.filter(({ data }) => data.id === product.id);
  expect(own.map(({ version, data }) => [version, data.action, data.serviceFeeLead])).toEqual([
    [1, 'created', 'P2M'],
    [2, 'edited', undefined],
    [3, 'deleted', undefined],
  ]);
});

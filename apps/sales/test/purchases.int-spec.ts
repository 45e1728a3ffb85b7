import type { z } from 'zod';
import * as sales from '#contracts/sales';
import { Republisher } from '#messaging/republish';
import { driftOf } from '#testing/database';
import { database, on, refusal, startSales, TODAY, told, type Sales, type StandInCustomer } from './fixture.js';

type Changed = z.output<typeof sales.purchaseChanged.data>;
type Recorded = z.output<typeof sales.paymentRecorded.data>;

let it_: Sales;
let customer: StandInCustomer;
beforeAll(async () => (it_ = await startSales(await database())));
afterAll(() => it_?.close());
beforeEach(() => (customer = it_.customer(it_.anna, undefined, 30)));

const buy = (purchases: z.input<typeof sales.NewPurchase>[], more = {}) =>
  it_.ask(sales.createPurchases, { customerId: customer.id, purchases }, on(it_.anna, customer, more));
const buyOne = async (more: object = {}) => {
  const product = await it_.product();
  const { items } = await buy([{ productId: product.id, quantity: '1', unitPrice: '100', ...more }]);
  return items[0]!;
};
const pay = (purchaseId: string, payment: z.input<typeof sales.NewPayment>, who = it_.anna, more = {}) =>
  it_.ask(sales.recordPayment, { customerId: customer.id, purchaseId, payment }, on(who, customer, more));
const get = (purchaseId: string) =>
  it_.ask(sales.getPurchase, { customerId: customer.id, purchaseId }, on(it_.anna, customer));
const ledger = async (purchaseId: string) =>
  (await it_.ask(sales.listPayments, { customerId: customer.id, purchaseId }, on(it_.finance, customer))).items;

it('has entities that agree with the migrations', async () => {
  expect(await driftOf(it_.db)).toEqual([]);
});

describe('purchases', () => {
  it('are saved together, with what was left out filled in, and with the service that goes with them [S8, S12]', async () => {
    const plain = await it_.product({ guidePrice: '12.34' });
    const served = await it_.product({ annualFee: '9', serviceMonths: 9 });
    const { items } = await buy([
      { productId: plain.id, quantity: '2.5' },
      { productId: served.id, quantity: '1', unitPrice: '80', soldOn: '2024-05-31', paid: '30' },
    ]);
    expect(items).toMatchObject([
      {
        ...{
          quantity: '2.5',
          guidePrice: '12.34',
          unitPrice: '12.34',
          payable: '30.85',
          paid: '0.00',
          balance: '30.85',
        },
        ...{
          inArrears: true,
          soldOn: TODAY,
          dueOn: '2024-06-30',
          soldById: it_.anna.userId,
          remind: false,
          version: 1,
        },
      },
      {
        ...{ guidePrice: '60.00', unitPrice: '80.00', payable: '80.00', paid: '30.00', balance: '50.00' },
        ...{ annualFee: '9.00', serviceEndsOn: '2025-02-28', remind: true },
      },
    ]);
    expect(await ledger(items[1]!.id)).toMatchObject([{ amount: '30.00', paidOn: '2024-05-31', method: 'other' }]);
    const events = await told<Changed>(it_.db, sales.purchaseChanged.subject);
    expect(events.slice(-2)).toMatchObject([
      { version: 1, by: { userId: it_.anna.userId }, data: { id: items[0]!.id, action: 'recorded', paid: '0.00' } },
      { version: 1, data: { id: items[1]!.id, action: 'recorded', paid: '30.00', productCode: served.code } },
    ]);
    const [entry] = (await told<Recorded>(it_.db, sales.paymentRecorded.subject)).slice(-1);
    expect(entry).toMatchObject({
      version: 1,
      data: { purchaseId: items[1]!.id, amount: '30.00', customerId: customer.id },
    });
  });

  it('are saved all or none, and the wrong one is named [S8]', async () => {
    const product = await it_.product();
    const good = { productId: product.id, quantity: '1' };
    const before = await told(it_.db, sales.purchaseChanged.subject);
    const wrong: [object, string][] = [
      [{ paid: '60.01' }, 'rule-violated/overpaid /purchases/1/paid'],
      [{ productId: crypto.randomUUID() }, 'invalid/validation /purchases/1/productId'],
      [{ soldOn: '2024-06-01' }, 'rule-violated/date-in-future /purchases/1/soldOn'],
      [{ dueOn: '2024-05-30' }, 'rule-violated/due-before-sale /purchases/1/dueOn'],
      [{ remind: true }, 'invalid/validation /purchases/1/remind'],
      [
        { productId: (await it_.product({ active: false })).id },
        'rule-violated/product-inactive /purchases/1/productId',
      ],
    ];
    for (const [more, expected] of wrong) expect(await refusal(buy([good, { ...good, ...more }]))).toBe(expected);
    const { items } = await it_.ask(sales.listPurchases, { customerId: customer.id }, on(it_.anna, customer));
    expect(items).toEqual([]);
    expect(await told(it_.db, sales.purchaseChanged.subject)).toHaveLength(before.length);
  });

  it('are created once, however often the same request comes [A6]', async () => {
    const product = await it_.product();
    const order = [{ productId: product.id, quantity: '1', paid: '10' }];
    const key = { idempotencyKey: crypto.randomUUID() };
    const twice = await Promise.all([buy(order, key), buy(order, key)]);
    expect(twice[1]).toEqual(twice[0]);
    expect(await ledger(twice[0].items[0]!.id)).toHaveLength(1);
    expect(await refusal(buy([...order, ...order], key))).toBe('rule-violated/idempotency-key-reused');
  });

  it('belong to their customer, and to nobody without a grant for him', async () => {
    const purchase = await buyOne();
    const other = it_.customer(it_.anna);
    const { id: purchaseId } = purchase;
    const ask = (call: object, customerId = customer.id) =>
      refusal(it_.ask(sales.getPurchase, { customerId, purchaseId }, call));
    expect(await ask(on(it_.anna, other), other.id)).toBe('not-found/not-found');
    expect(await ask(on(it_.anna, other))).toBe('not-found/not-found');
    expect(await ask({ as: it_.anna })).toBe('not-found/not-found');
    const payment = { amount: '1' };
    const paying = it_.ask(sales.recordPayment, { customerId: other.id, purchaseId, payment }, on(it_.anna, other));
    expect(await refusal(paying)).toBe('not-found/not-found');
    const booked = await pay(purchaseId, payment);
    const second = await buyOne();
    expect(await refusal(pay(second.id, { reversesId: booked.id }))).toBe('not-found/not-found');
    const editing = { customerId: customer.id, purchaseId, patch: { quantity: '2' } };
    expect(await refusal(it_.ask(sales.updatePurchase, editing, on(it_.finance, customer)))).toBe(
      'forbidden/forbidden',
    );
  });

  it('record a delegate, and whom he acts for', async () => {
    const product = await it_.product();
    const delegationId = crypto.randomUUID();
    const grant = { customerId: customer.id, ownerId: it_.anna.userId, via: 'delegate' as const, delegationId };
    const purchases = [{ productId: product.id, quantity: '1', dueOn: TODAY, paid: '60' }];
    const input = { customerId: customer.id, purchases };
    const { items } = await it_.ask(sales.createPurchases, input, { as: it_.bert, grant });
    expect(items[0]).toMatchObject({ soldById: it_.bert.userId });
    const by = { userId: it_.bert.userId, forUserId: it_.anna.userId, delegationId };
    for (const { subject } of [sales.purchaseChanged, sales.paymentRecorded]) {
      expect((await told(it_.db, subject)).at(-1)).toMatchObject({ by });
    }
  });

  it('are edited by whoever knows how they stand', async () => {
    const { id: purchaseId, version } = await buyOne();
    const edit = (patch: z.input<typeof sales.PurchasePatch>, ifMatch: number | '*') =>
      it_.ask(
        sales.updatePurchase,
        { customerId: customer.id, purchaseId, patch },
        on(it_.anna, customer, { ifMatch }),
      );
    expect(await edit({ unitPrice: '90' }, version)).toMatchObject({ payable: '90.00', version: version + 1 });
    const stale = await edit({ unitPrice: '1' }, version).catch((error: { details: object }) => error);
    expect(stale).toMatchObject({ slug: 'stale-version', details: { current: { unitPrice: '90.00', version: 2 } } });
    await pay(purchaseId, { amount: '80' });
    expect(await refusal(edit({ unitPrice: '79.99' }, '*'))).toBe('rule-violated/overpaid /unitPrice');
    expect(
      await edit({ unitPrice: '80', annualFee: '5', serviceEndsOn: '2025-05-31', remind: true }, '*'),
    ).toMatchObject({
      ...{ balance: '0.00', inArrears: false, remind: true, version: 4 },
    });
    const events = await told<Changed>(it_.db, sales.purchaseChanged.subject);
    const own = events.filter(({ data }) => data.id === purchaseId);
    expect(own.map(({ version, data }) => [version, data.action, data.paid])).toEqual([
      [1, 'recorded', '0.00'],
      [2, 'edited', '0.00'],
      [3, 'paid', '80.00'],
      [4, 'edited', '80.00'],
    ]);
  });

  it('are voided with a reason, without money, and take none afterwards [S13]', async () => {
    const { id: purchaseId } = await buyOne({ paid: '1' });
    const voiding = (more: object = {}) =>
      it_.ask(
        sales.voidPurchase,
        { customerId: customer.id, purchaseId, reason: 'twice', ...more },
        on(it_.anna, customer),
      );
    expect(await refusal(voiding())).toBe('rule-violated/money-booked');
    await pay(purchaseId, { amount: '-1' });
    expect(await refusal(voiding({ voidedOn: '2024-05-30' }))).toBe('rule-violated/voided-before-sale /voidedOn');
    expect(await refusal(voiding({ voidedOn: '2024-06-01' }))).toBe('rule-violated/date-in-future /voidedOn');
    expect(await voiding()).toMatchObject({ voidedOn: TODAY, voidReason: 'twice', inArrears: false });
    expect(await refusal(voiding())).toBe('conflict/already-voided');
    expect(await refusal(pay(purchaseId, { amount: '1' }))).toBe('rule-violated/purchase-voided');
    const list = async (query: object) =>
      (await it_.ask(sales.listPurchases, { customerId: customer.id, ...query }, on(it_.anna, customer))).items.length;
    expect([await list({}), await list({ includeVoided: 'true' })]).toEqual([0, 1]);
  });

  it('are listed from the latest, page by page', async () => {
    const product = await it_.product();
    const days = ['2024-05-03', '2024-05-01', '2024-05-02', '2024-05-02', '2024-05-05'];
    const { items } = await buy(days.map((soldOn) => ({ productId: product.id, quantity: '1', soldOn })));
    await pay(items[0]!.id, { amount: items[0]!.payable });
    const pages: string[][] = [];
    let cursor: string | undefined;
    do {
      const query = { customerId: customer.id, limit: 2, cursor };
      const page: z.output<typeof sales.listPurchases.output> = await it_.ask(
        sales.listPurchases,
        query,
        on(it_.anna, customer),
      );
      pages.push(page.items.map(({ soldOn }) => soldOn.slice(8)));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    expect(pages).toEqual([['05', '03'], ['02', '02'], ['01']]);
    const query = { customerId: customer.id, inArrears: 'true' } as const;
    expect((await it_.ask(sales.listPurchases, query, on(it_.anna, customer))).items).toHaveLength(4);
  });
});

describe('payments', () => {
  it('at the same moment never come to more than is payable [S16]', async () => {
    const { id } = await buyOne();
    const outcomes = await Promise.all(Array.from({ length: 12 }, () => refusal(pay(id, { amount: '15' }))));
    expect(outcomes.filter((outcome) => outcome === 'rule-violated/overpaid /amount')).toHaveLength(6);
    expect(await get(id)).toMatchObject({ paid: '90.00', balance: '10.00', version: 7 });
    expect(await ledger(id)).toHaveLength(6);
  });

  it('may be refunded up to what was paid [S15]', async () => {
    const { id } = await buyOne({ paid: '100' });
    expect(await refusal(pay(id, { amount: '-100.01' }))).toBe('rule-violated/underpaid /amount');
    await pay(id, { amount: '-40', note: 'goods came back', method: 'cash' }, it_.finance);
    expect(await get(id)).toMatchObject({ paid: '60.00', inArrears: true });
    expect(await refusal(pay(id, { amount: '1', paidOn: '2024-06-01' }))).toBe('rule-violated/date-in-future /paidOn');
  });

  it('are reversed once, and a reversal never [S15]', async () => {
    const { id } = await buyOne();
    const first = await pay(id, { amount: '70', method: 'wechat', paidOn: '2024-05-20' });
    expect(await refusal(pay(id, { reversesId: first.id, paidOn: '2024-05-19' }))).toBe(
      'rule-violated/before-original /paidOn',
    );
    const outcomes = await Promise.all([1, 2, 3].map(() => refusal(pay(id, { reversesId: first.id }))));
    expect(outcomes.filter((outcome) => outcome === 'conflict/already-reversed')).toHaveLength(2);
    const entries = await ledger(id);
    expect(entries).toMatchObject([{ amount: '-70.00', method: 'wechat', reversesId: first.id }, { amount: '70.00' }]);
    expect(await refusal(pay(id, { reversesId: entries[0]!.id }))).toBe(
      'rule-violated/reversal-of-reversal /reversesId',
    );
    expect(await get(id)).toMatchObject({ paid: '0.00' });
  });

  it('are booked once for an idempotency key', async () => {
    const { id } = await buyOne();
    const key = { idempotencyKey: crypto.randomUUID() };
    const booked = await pay(id, { amount: '5' }, it_.anna, key);
    expect(await pay(id, { amount: '5' }, it_.anna, key)).toEqual(booked);
    expect(await get(id)).toMatchObject({ paid: '5.00' });
  });

  it('can be neither changed nor overdrawn past the service, and always add up [S15]', async () => {
    const { id } = await buyOne({ paid: '5' });
    const { dataSource } = it_.db;
    const ledgerOnly = /payments are a ledger/;
    await expect(dataSource.query(`UPDATE payments SET amount = 1 WHERE purchase_id = $1`, [id])).rejects.toThrow(
      ledgerOnly,
    );
    await expect(dataSource.query(`DELETE FROM payments WHERE purchase_id = $1`, [id])).rejects.toThrow(ledgerOnly);
    const insert = `INSERT INTO payments (purchase_id, amount, paid_on, method, recorded_by_id, created_at)
      VALUES ($1, $2, '2024-05-31', 'cash', $3, now())`;
    for (const amount of ['95.01', '-5.01']) {
      await expect(dataSource.query(insert, [id, amount, it_.anna.userId])).rejects.toThrow('purchases_paid');
    }
    const wrong = await dataSource.query<unknown[]>(
      `SELECT FROM purchases p WHERE paid <> (SELECT coalesce(sum(amount), 0) FROM payments WHERE purchase_id = p.id)`,
    );
    expect(wrong).toEqual([]);
  });
});

it('tells all that it owns once more', async () => {
  const purchase = await buyOne({ paid: '5' });
  await pay(purchase.id, { amount: '6' });
  const before = (await told(it_.db, sales.paymentRecorded.subject)).length;
  await it_.service.app.get(Republisher).run();
  const states = (await told<Changed>(it_.db, sales.purchaseChanged.subject)).filter(
    ({ data }) => data.id === purchase.id,
  );
  expect(states.at(-1)).toMatchObject({ version: 2, by: null, data: { action: 'republished', paid: '11.00' } });
  const entries = await told<Recorded>(it_.db, sales.paymentRecorded.subject);
  expect(entries).toHaveLength(2 * before);
  expect(entries.slice(before).every(({ version, data }) => version === 1 && data.customerId !== '')).toBe(true);
});

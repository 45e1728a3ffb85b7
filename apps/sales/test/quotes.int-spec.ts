import type { z } from 'zod';
import * as quotes from '#contracts/quotes';
import * as sales from '#contracts/sales';
import { Republisher } from '#messaging/republish';
import { Clock } from '#platform/clock';
import { database, NOW, on, refusal, startSales, TODAY, told, type Sales, type StandInCustomer } from './fixture.js';

type Told = z.output<typeof quotes.quoteChanged.data>;
type Line = z.input<typeof quotes.NewQuoteLine>;

let it_: Sales;
let customer: StandInCustomer;
let product: sales.Product;
beforeAll(async () => (it_ = await startSales(await database())));
afterAll(() => it_?.close());
beforeEach(async () => {
  customer = it_.customer(it_.anna, undefined, 30);
  product = await it_.product({ guidePrice: '60' });
});
afterEach(() => void (it_.service.app.get(Clock).now = () => NOW));

const inDays = (days: number) => {
  it_.service.app.get(Clock).now = () => new Date(NOW.getTime() + days * 86_400_000);
};
const offer = (lines: Line[], more: object = {}, call = on(it_.anna, customer)) =>
  it_.ask(quotes.createQuote, { customerId: customer.id, lines, ...more }, call);
const offerOne = (more: object = {}) => offer([{ productId: product.id, quantity: '2', unitPrice: '55' }], more);
const get = (quoteId: string, customerId = customer.id) =>
  it_.ask(quotes.getQuote, { customerId, quoteId }, on(it_.anna, { ...customer, id: customerId }));
const edit = (quoteId: string, patch: z.input<typeof quotes.QuotePatch>, ifMatch: number | '*' = '*') =>
  it_.ask(quotes.updateQuote, { customerId: customer.id, quoteId, patch }, on(it_.anna, customer, { ifMatch }));
const convert = (quoteId: string, more: object = {}, call = on(it_.anna, customer)) =>
  it_.ask(quotes.convertQuote, { customerId: customer.id, quoteId, ...more }, call);
const list = async (query: object = {}) =>
  (await it_.ask(quotes.listQuotes, { customerId: customer.id, ...query }, on(it_.anna, customer))).items;
const bought = async () =>
  (await it_.ask(sales.listPurchases, { customerId: customer.id }, on(it_.anna, customer))).items;
const ofQuote = async (id: string) =>
  (await told<Told>(it_.db, quotes.quoteChanged.subject)).filter(({ data }) => data.id === id);

describe('quotes', () => {
  it('hold lines of the catalogue and free ones, each half-up, with the guide price of the day [S4] [S7]', async () => {
    const quote = await offer(
      [
        { productId: product.id, quantity: '2.005', unitPrice: '10.10' },
        { productId: product.id, quantity: '1', description: '加急' },
        { description: '现场培训', quantity: '0.5', unitPrice: '0.01', unit: '天' },
      ],
      { validUntil: '2024-06-30', note: '含安装' },
    );
    expect(quote).toMatchObject({
      ...{ customerId: customer.id, quotedOn: TODAY, validUntil: '2024-06-30', note: '含安装', state: 'draft' },
      ...{ createdById: it_.anna.userId, purchaseIds: [], version: 1, total: '80.26' },
    });
    expect(quote.lines).toEqual([
      {
        ...{ productId: product.id, description: '开票服务', unit: '单', guidePrice: '60.00' },
        ...{ quantity: '2.005', unitPrice: '10.10', amount: '20.25' },
      },
      {
        ...{ productId: product.id, description: '加急', unit: '单', guidePrice: '60.00' },
        ...{ quantity: '1', unitPrice: '60.00', amount: '60.00' },
      },
      { description: '现场培训', unit: '天', quantity: '0.5', unitPrice: '0.01', amount: '0.01' },
    ]);
    expect(await ofQuote(quote.id)).toMatchObject([
      { version: 1, by: { userId: it_.anna.userId }, data: { action: 'created', total: '80.26', lines: quote.lines } },
    ]);
  });

  it('keep the guide price that they were made with, also when their lines are written anew', async () => {
    const { id } = await offerOne();
    const patch = { guidePrice: '99', active: false };
    await it_.ask(sales.updateProduct, { productId: product.id, patch }, { as: it_.admin, ifMatch: '*' });
    const edited = await edit(id, { lines: [{ productId: product.id, quantity: '3' }], note: null });
    expect(edited).toMatchObject({ total: '180.00', lines: [{ guidePrice: '60.00', unitPrice: '60.00' }], version: 2 });
    expect(await refusal(offerOne())).toBe('rule-violated/product-inactive /lines/0/productId');
    const deleting = it_.ask(sales.deleteProduct, { productId: product.id }, { as: it_.admin });
    expect(await refusal(deleting)).toBe('rule-violated/product-in-use');
  });

  it('are refused by the field that is wrong', async () => {
    const wrong: [object, string][] = [
      [{ lines: [] }, 'invalid/validation /lines'],
      [{ lines: [{ quantity: '1', unitPrice: '1' }] }, 'invalid/validation /lines/0/description'],
      [{ lines: [{ quantity: '1', description: 'x' }] }, 'invalid/validation /lines/0/unitPrice'],
      [{ lines: [{ productId: crypto.randomUUID(), quantity: '1' }] }, 'invalid/validation /lines/0/productId'],
      [{ lines: [{ productId: product.id, quantity: 1.5 }] }, 'invalid/validation /lines/0/quantity'],
      [{ quotedOn: '2024-06-01' }, 'rule-violated/date-in-future /quotedOn'],
      [{ validUntil: '2024-05-30' }, 'rule-violated/valid-before-quoted /validUntil'],
      [{ state: 'expired' }, 'invalid/validation /state'],
    ];
    for (const [more, expected] of wrong) expect(await refusal(offerOne(more))).toBe(expected);
    expect(await list()).toEqual([]);
  });

  it('are numbered without doubles, whoever else is quoting', async () => {
    const made = await Promise.all(Array.from({ length: 8 }, () => offerOne()));
    const serials = made.map(({ number }) => Number(/^Q2024-(\d{4})$/.exec(number)?.[1])).sort((a, b) => a - b);
    expect(serials).toEqual(Array.from({ length: 8 }, (_, n) => serials[0]! + n));
  });

  it('are made once for an idempotency key', async () => {
    const call = on(it_.anna, customer, { idempotencyKey: crypto.randomUUID() });
    const lines = [{ productId: product.id, quantity: '1' }];
    const twice = await Promise.all([offer(lines, {}, call), offer(lines, {}, call)]);
    expect(twice[1]).toEqual(twice[0]);
    expect(await list()).toHaveLength(1);
  });

  it('expire by themselves, unless they were answered in time [S4]', async () => {
    const [open, accepted] = [await offerOne({ validUntil: TODAY }), await offerOne({ validUntil: TODAY })];
    expect(await edit(accepted.id, { state: 'accepted' })).toMatchObject({ state: 'accepted' });
    inDays(1);
    expect((await get(open.id)).state).toBe('expired');
    expect((await get(accepted.id)).state).toBe('accepted');
    expect((await list({ state: 'expired' })).map(({ id }) => id)).toEqual([open.id]);
    expect(await list({ state: 'draft' })).toEqual([]);
    expect(await refusal(edit(open.id, { state: 'accepted' }))).toBe('rule-violated/quote-expired /state');
    expect(await refusal(convert(open.id))).toBe('rule-violated/quote-expired');
    expect(await edit(open.id, { state: 'accepted', validUntil: null })).toMatchObject({ state: 'accepted' });
  });

  it('are edited by whoever knows how they stand, and deleted', async () => {
    const { id, version } = await offerOne();
    await edit(id, { state: 'sent' }, version);
    expect(await refusal(edit(id, { state: 'draft' }, version))).toBe('precondition-failed/stale-version');
    const deleting = (ifMatch: number) =>
      it_.ask(quotes.deleteQuote, { customerId: customer.id, quoteId: id }, on(it_.anna, customer, { ifMatch }));
    expect(await refusal(deleting(version))).toBe('precondition-failed/stale-version');
    expect(await deleting(version + 1)).toEqual({});
    expect(await refusal(get(id))).toBe('not-found/not-found');
    expect(await list()).toEqual([]);
    expect((await ofQuote(id)).map(({ version, data }) => [version, data.action, data.state])).toEqual([
      [1, 'created', 'draft'],
      [2, 'edited', 'sent'],
      [3, 'deleted', 'sent'],
    ]);
  });

  it('belong to their customer, are read by finance, and written by whoever edits him [P5]', async () => {
    const { id } = await offerOne();
    expect(await refusal(get(id, it_.customer(it_.anna).id))).toBe('not-found/not-found');
    const reading = it_.ask(quotes.getQuote, { customerId: customer.id, quoteId: id }, on(it_.finance, customer));
    expect(await reading).toMatchObject({ id });
    const lines = [{ productId: product.id, quantity: '1' }];
    expect(await refusal(offer(lines, {}, on(it_.finance, customer)))).toBe('forbidden/forbidden');
    expect(await refusal(convert(id, {}, on(it_.finance, customer)))).toBe('forbidden/forbidden');
    expect(await refusal(offer(lines, {}, { as: it_.anna, grant: undefined }))).toBe('not-found/not-found');
    const delegated = await offer(lines, {}, on(it_.bert, customer));
    expect((await ofQuote(delegated.id))[0]).toMatchObject({
      by: { userId: it_.bert.userId, forUserId: it_.anna.userId },
    });
  });

  it('come page by page, the latest first', async () => {
    for (const quotedOn of ['2024-05-01', '2024-05-03', '2024-05-02']) await offerOne({ quotedOn });
    const page = (cursor?: string) =>
      it_.ask(quotes.listQuotes, { customerId: customer.id, limit: 2, cursor }, on(it_.anna, customer));
    const first = await page();
    const second = await page(first.nextCursor!);
    expect([...first.items, ...second.items].map(({ quotedOn }) => quotedOn.slice(8))).toEqual(['03', '02', '01']);
    expect(second.nextCursor).toBeNull();
  });
});

describe('a quote becomes purchases', () => {
  it('in one step, at its prices, and is closed [S5]', async () => {
    const served = await it_.product({ annualFee: '9', serviceMonths: 12 });
    const { id } = await offer([
      { productId: product.id, quantity: '2', unitPrice: '55' },
      { productId: served.id, quantity: '1' },
    ]);
    const { quote, purchases } = await convert(id, { soldOn: '2024-05-30' });
    expect(purchases).toMatchObject([
      { productId: product.id, quantity: '2', unitPrice: '55.00', payable: '110.00', dueOn: '2024-06-29' },
      { productId: served.id, soldOn: '2024-05-30', serviceEndsOn: '2025-05-30', remind: true },
    ]);
    expect(quote).toMatchObject({ state: 'converted', purchaseIds: purchases.map(({ id }) => id), version: 2 });
    expect(await bought()).toHaveLength(2);
    expect((await ofQuote(id)).at(-1)).toMatchObject({ data: { action: 'converted', purchaseIds: quote.purchaseIds } });
    for (const again of [convert(id), edit(id, { note: 'x' })]) {
      expect(await refusal(again)).toBe('conflict/quote-converted');
    }
    const deleting = { customerId: customer.id, quoteId: id };
    expect(await refusal(it_.ask(quotes.deleteQuote, deleting, on(it_.anna, customer, { ifMatch: '*' })))).toBe(
      'conflict/quote-converted',
    );
  });

  it('all or none, and what stands in the way is named [S5]', async () => {
    const good = { productId: product.id, quantity: '1' };
    const free = { description: '培训', quantity: '1', unitPrice: '1' };
    const mixed = await offer([free, good, free]);
    expect(await refusal(convert(mixed.id))).toBe('rule-violated/free-line /lines/0 /lines/2');
    const gone = await it_.product();
    const withGone = await offer([good, { productId: gone.id, quantity: '1' }]);
    const patch = { active: false };
    await it_.ask(sales.updateProduct, { productId: gone.id, patch }, { as: it_.admin, ifMatch: '*' });
    expect(await refusal(convert(withGone.id))).toBe('rule-violated/product-inactive /lines/1/productId');
    const { id } = await offerOne();
    expect(await refusal(convert(id, { soldOn: '2024-06-01' }))).toBe('rule-violated/date-in-future /soldOn');
    expect(await refusal(convert(id, { dueOn: '2024-05-30' }))).toBe('rule-violated/due-before-sale /dueOn');
    await edit(id, { state: 'rejected' });
    expect(await refusal(convert(id))).toBe('rule-violated/quote-rejected');
    expect(await bought()).toEqual([]);
    expect((await get(mixed.id)).state).toBe('draft');
  });

  it('once, however often it is asked for at the same moment', async () => {
    const { id } = await offerOne();
    const outcomes = await Promise.all([1, 2, 3].map(() => refusal(convert(id))));
    expect(outcomes.filter((outcome) => outcome === 'conflict/quote-converted')).toHaveLength(2);
    const other = await offerOne();
    const call = on(it_.anna, customer, { idempotencyKey: crypto.randomUUID() });
    const twice = await Promise.all([convert(other.id, {}, call), convert(other.id, {}, call)]);
    expect(twice[1]).toEqual(twice[0]);
    expect(await bought()).toHaveLength(2);
  });
});

it('tells the last price given to this customer, of purchases and quotes [S6]', async () => {
  const never = await it_.product();
  const ask = async (...ids: string[]) =>
    (await it_.ask(quotes.listLastPrices, { customerId: customer.id, productId: ids }, on(it_.anna, customer))).items;
  const buy = async (soldOn: string, unitPrice: string) => {
    const purchases = [{ productId: product.id, quantity: '1', soldOn, unitPrice }];
    const { items } = await it_.ask(
      sales.createPurchases,
      { customerId: customer.id, purchases },
      on(it_.anna, customer),
    );
    return items[0]!.id;
  };
  const price = (unitPrice: string, on: string, source: string) => [{ productId: product.id, unitPrice, on, source }];
  await buy('2024-05-10', '50');
  expect(await ask(product.id, never.id)).toEqual(price('50.00', '2024-05-10', 'purchase'));
  const { id } = await offerOne({ quotedOn: '2024-05-12' });
  expect(await ask(product.id)).toEqual(price('55.00', '2024-05-12', 'quote'));
  await buy('2024-05-11', '49');
  expect(await ask(product.id)).toEqual(price('55.00', '2024-05-12', 'quote'));
  const purchaseId = await buy('2024-05-12', '48');
  expect(await ask(product.id)).toEqual(price('48.00', '2024-05-12', 'purchase'));
  const voiding = { customerId: customer.id, purchaseId, reason: '误录' };
  await it_.ask(sales.voidPurchase, voiding, on(it_.anna, customer));
  await it_.ask(quotes.deleteQuote, { customerId: customer.id, quoteId: id }, on(it_.anna, customer, { ifMatch: '*' }));
  expect(await ask(product.id)).toEqual(price('49.00', '2024-05-11', 'purchase'));
  const other = it_.customer(it_.anna);
  const elsewhere = { customerId: other.id, productId: product.id };
  expect((await it_.ask(quotes.listLastPrices, elsewhere, on(it_.anna, other))).items).toEqual([]);
});

it('tells all quotes once more', async () => {
  const { id } = await offerOne();
  await it_.service.app.get(Republisher).run();
  expect((await ofQuote(id)).at(-1)).toMatchObject({ version: 1, by: null, data: { action: 'republished' } });
});

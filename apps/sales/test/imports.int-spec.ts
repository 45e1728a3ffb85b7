import { Logger } from '@nestjs/common';
import type { z } from 'zod';
import { salesImports, type Import } from '#contracts/imports';
import * as sales from '#contracts/sales';
import { eventually } from '#testing/eventually';
import { database, on, refusal, startSales, told, type Sales, type StandInCustomer } from './fixture.js';

type Changed = z.output<typeof sales.purchaseChanged.data>;

let it_: Sales;
let customer: StandInCustomer;
let code: string;
beforeAll(async () => (it_ = await startSales(await database())));
afterAll(() => it_?.close());
beforeEach(async () => {
  customer = it_.customer(it_.anna, `C${crypto.randomUUID()}`, 10);
  ({ code } = await it_.product({ guidePrice: '9' }));
});

const counts = ({ created, updated, unchanged, failed }: Import) => [created, updated, unchanged, failed];
const faults = ({ errors }: Import) => errors.map(({ row, field, code }) => [row, field, code]);
const purchasesOf = async ({ id }: StandInCustomer) =>
  (await it_.ask(sales.listPurchases, { customerId: id }, on(it_.admin, { ...customer, id }))).items;

describe('products', () => {
  it('come in with their categories, change nothing the second time, and something when the file does [S3]', async () => {
    const file = [
      'N1,电话,通信/硬件,台,1200.5,goods,,',
      'N2,年费,通信 / 服务,年,"300",SERVICE,50,12'.replaceAll('"', ''),
    ];
    expect(counts(await it_.importFile('products', it_.admin, file))).toEqual([2, 0, 0, 0]);
    expect(counts(await it_.importFile('products', it_.admin, file))).toEqual([0, 0, 2, 0]);
    const changed = ['n1,电话机,通信/硬件,台,1200.50,goods,,', 'N2,年費,,年,300,service,,'];
    expect(counts(await it_.importFile('products', it_.admin, changed))).toEqual([0, 2, 0, 0]);
    const { items } = await it_.ask(sales.listProducts, { q: 'n' }, { as: it_.anna });
    expect(items.filter(({ code }) => /^N\d$/.test(code))).toMatchObject([
      { code: 'N1', name: '电话机', categoryName: '硬件', guidePrice: '1200.50', version: 2 },
      { code: 'N2', name: '年費', categoryName: '服务', annualFee: '50.00', serviceMonths: 12 },
    ]);
    const { items: tree } = await it_.ask(sales.listProductCategories, {}, { as: it_.anna });
    expect(tree.filter(({ name }) => name === '通信')).toHaveLength(1);
  });

  it('are the administrator’s to import', async () => {
    const start = { kind: 'products' as const, dryRun: false, fileName: 'x.csv', header: ['code'] };
    expect(await refusal(it_.ask(salesImports.start, start, { as: it_.anna }))).toBe('forbidden/forbidden');
  });
});

describe('purchases', () => {
  it('come in for the owner, are found again by their ref, and follow the file [S19]', async () => {
    const ref = crypto.randomUUID();
    const file = (price: string, dueOn = '') => [`${ref},${customer.code},${code},2,${price},2024/5/1,${dueOn},,,否`];
    expect(counts(await it_.importFile('purchases', it_.admin, file('10')))).toEqual([1, 0, 0, 0]);
    const [made] = await purchasesOf(customer);
    expect(made).toMatchObject({
      ...{ ref, quantity: '2', guidePrice: '9.00', unitPrice: '10.00', payable: '20.00', soldById: it_.anna.userId },
      ...{ soldOn: '2024-05-01', dueOn: '2024-05-11', remind: false, version: 1 },
    });
    expect(counts(await it_.importFile('purchases', it_.anna, file('10.00')))).toEqual([0, 0, 1, 0]);
    expect(counts(await it_.importFile('purchases', it_.anna, file('11', '2024-06-01')))).toEqual([0, 1, 0, 0]);
    expect(await purchasesOf(customer)).toMatchObject([{ payable: '22.00', dueOn: '2024-06-01', version: 2 }]);
    const events = await told<Changed>(it_.db, sales.purchaseChanged.subject);
    const own = events.filter(({ data }) => data.ref === ref);
    expect(own.map(({ version, by, data }) => [version, by, data.action])).toEqual([
      [1, { userId: it_.admin.userId }, 'imported'],
      [2, { userId: it_.anna.userId }, 'imported'],
    ]);
  });

  it('are due after the customer’s term, or else the organisation’s, as are those that are entered [S11] [P19]', async () => {
    const usual = it_.customer(it_.anna, `C${crypto.randomUUID()}`);
    const importOne = async ({ code: who, id }: StandInCustomer) => {
      const line = `${crypto.randomUUID()},${who},${code},1,9,2024/5/1,,,,`;
      expect(counts(await it_.importFile('purchases', it_.admin, [line]))).toEqual([1, 0, 0, 0]);
      return (await purchasesOf({ ...usual, id })).map(({ dueOn }) => dueOn);
    };
    const { id: productId } = await it_.product();
    const enter = async (who: StandInCustomer) => {
      const sold = { customerId: who.id, purchases: [{ productId, quantity: '1', soldOn: '2024-05-01' }] };
      return (await it_.ask(sales.createPurchases, sold, on(it_.anna, who))).items.map(({ dueOn }) => dueOn);
    };
    expect(await importOne(usual)).toEqual(['2024-05-01']);
    await it_.settle(45, 2);
    // Told late, it is no longer so.
    await it_.settle(7, 1);
    expect(await enter(usual)).toEqual(['2024-06-15']);
    expect(await importOne(usual)).toEqual(expect.arrayContaining(['2024-05-01', '2024-06-15', '2024-06-15']));
    expect([await enter(customer), await importOne(customer)]).toEqual([['2024-05-11'], ['2024-05-11', '2024-05-11']]);
  });

  it('go in while bad rows come back with their reasons and their cells', async () => {
    const foreign = it_.customer(it_.bert, `C${crypto.randomUUID()}`);
    const gone = await it_.product({ active: false });
    const good = `${customer.code},${code},1,10,2024-05-01,,,,`;
    await it_.importFile('purchases', it_.bert, [`taken,${foreign.code},${code},1,1,2024-05-01,,,,`]);
    const job = await it_.importFile('purchases', it_.anna, [
      `g1,${good}`,
      `b1,${foreign.code},${code},1,10,2024-05-01,,,,`,
      `b2,${customer.code},none,1,10,2024-05-01,,,,`,
      `b3,${customer.code},${code},0,x,05/01/2024,,,,maybe`,
      `b4,${customer.code},${code},1,10,2024-06-01,,,,`,
      `b5,${customer.code},${gone.code},1,10,2024-05-01,,,,`,
      `taken,${good}`,
      `b6,${customer.code},${code},1,10,2024-05-01,,,,是`,
      `,${good}`,
      `g2,${good}`,
    ]);
    expect(counts(job)).toEqual([2, 0, 0, 8]);
    expect(faults(job)).toEqual([
      [3, 'customer_code', 'unknown-customer'],
      [4, 'product_code', 'unknown-product'],
      [5, 'quantity', 'invalid-format'],
      [5, 'unit_price', 'invalid-format'],
      [5, 'sold_on', 'invalid-format'],
      [5, 'remind', 'custom'],
      [6, 'sold_on', 'date-in-future'],
      [7, 'product_code', 'product-inactive'],
      [8, 'ref', 'ref-taken'],
      [9, 'remind', 'needs-service-terms'],
      [10, 'ref', 'required'],
    ]);
    expect((await purchasesOf(customer)).map(({ ref }) => ref).sort()).toEqual(['g1', 'g2']);
    const { rows, header, done } = await it_.ask(salesImports.faults, { importId: job.id }, { as: it_.anna });
    expect([rows.length, header[0], done]).toEqual([8, 'ref', true]);
    expect(rows[2]).toMatchObject({ row: 5, values: { ref: 'b3', unit_price: 'x', remind: 'maybe' } });
  });

  it('wait for customers that the same user is still importing', async () => {
    const late = it_.customer(it_.anna, `LATE${crypto.randomUUID()}`);
    it_.customers.splice(it_.customers.indexOf(late), 1);
    it_.importing.add(it_.anna.userId);
    const row = `${crypto.randomUUID()},${late.code},${code},1,5,2024-05-01,,,,`;
    const job = it_.importFile('purchases', it_.anna, [row]);
    await eventually(() => expect(it_.asked()).toBeGreaterThan(1));
    it_.customers.push(late);
    it_.importing.delete(it_.anna.userId);
    expect(counts(await job)).toEqual([1, 0, 0, 0]);
  });

  it('that occur twice in a file end as the later row says', async () => {
    const ref = crypto.randomUUID();
    const row = (price: string) => `${ref},${customer.code},${code},1,${price},2024-05-01,,,,`;
    const job = await it_.importFile('purchases', it_.anna, [row('1'), row('2'), row('2')]);
    expect(counts(job)).toEqual([1, 1, 1, 0]);
    expect(await purchasesOf(customer)).toMatchObject([{ unitPrice: '2.00' }]);
  });

  it('are not made cheaper than what is paid', async () => {
    const ref = crypto.randomUUID();
    const row = (price: string) => [`${ref},${customer.code},${code},1,${price},2024-05-01,,,,`];
    await it_.importFile('purchases', it_.anna, row('10'));
    await it_.importFile('payments', it_.anna, [`P${ref},${ref},8,2024-05-02,cash`]);
    const job = await it_.importFile('purchases', it_.anna, row('7'));
    expect(faults(job)).toEqual([[2, 'unit_price', 'overpaid']]);
    expect(await purchasesOf(customer)).toMatchObject([{ unitPrice: '10.00', paid: '8.00' }]);
  });

  it('are only tried in a dry run', async () => {
    const row = `dry,${customer.code},${code},1,1,2024-05-01,,,,`;
    const before = (await told(it_.db, sales.purchaseChanged.subject)).length;
    const job = await it_.importFile('purchases', it_.anna, [row, 'bad,,,,,,,,,'], true);
    expect([job.state, ...counts(job)]).toEqual(['completed', 1, 0, 0, 1]);
    expect(await purchasesOf(customer)).toEqual([]);
    expect(await told(it_.db, sales.purchaseChanged.subject)).toHaveLength(before);
  });
});

describe('payments', () => {
  let refs: string[];
  beforeEach(async () => {
    refs = [crypto.randomUUID(), crypto.randomUUID()];
    const rows = refs.map((ref) => `${ref},${customer.code},${code},1,100,2024-05-01,,,,`);
    expect(counts(await it_.importFile('purchases', it_.anna, rows))).toEqual([2, 0, 0, 0]);
  });

  it('are booked once, whoever imports them again, and never changed [S19]', async () => {
    const file = [`A${refs[0]},${refs[0]},60,2024-05-02,transfer`, `B${refs[0]},${refs[0]},"40",2024-05-03,`];
    const lines = file.map((line) => line.replaceAll('"', ''));
    expect(counts(await it_.importFile('payments', it_.finance, lines))).toEqual([2, 0, 0, 0]);
    expect(counts(await it_.importFile('payments', it_.anna, lines))).toEqual([0, 0, 2, 0]);
    const other = [`A${refs[0]},${refs[0]},59,2024-05-02,transfer`, `B${refs[0]},${refs[1]},40,2024-05-03,`];
    const job = await it_.importFile('payments', it_.admin, other);
    expect(faults(job)).toEqual([
      [2, 'ref', 'ledger-is-final'],
      [3, 'ref', 'ledger-is-final'],
    ]);
    const purchases = await purchasesOf(customer);
    expect(purchases.find(({ ref }) => ref === refs[0])).toMatchObject({
      paid: '100.00',
      inArrears: false,
      version: 2,
    });
  });

  it('go in while bad rows come back', async () => {
    const foreign = it_.customer(it_.bert, `C${crypto.randomUUID()}`);
    const theirs = crypto.randomUUID();
    await it_.importFile('purchases', it_.bert, [`${theirs},${foreign.code},${code},1,100,2024-05-01,,,,`]);
    const ref = (name: string) => `${name}${refs[0]}`;
    const job = await it_.importFile('payments', it_.anna, [
      `${ref('1')},${refs[0]},70,2024-05-02,wechat`,
      `${ref('2')},${refs[0]},30.01,2024-05-02,wechat`,
      `${ref('3')},${theirs},1,2024-05-02,wechat`,
      `${ref('4')},nothing,1,2024-05-02,wechat`,
      `${ref('5')},${refs[0]},1,2024-06-01,wechat`,
      `${ref('6')},${refs[0]},0.00,2024-05-02,gold`,
      `${ref('7')},${refs[0]},30,2024-05-02,wechat`,
      `${ref('8')},${refs[0]},-100.01,2024-05-02,wechat`,
    ]);
    expect(counts(job)).toEqual([2, 0, 0, 6]);
    expect(faults(job)).toEqual([
      [3, 'amount', 'overpaid'],
      [4, 'purchase_ref', 'unknown-purchase'],
      [5, 'purchase_ref', 'unknown-purchase'],
      [6, 'paid_on', 'date-in-future'],
      [7, 'amount', 'invalid-format'],
      [7, 'method', 'invalid-value'],
      [9, 'amount', 'underpaid'],
    ]);
    const purchases = await purchasesOf(customer);
    expect(purchases.find((one) => one.ref === refs[0])).toMatchObject({ paid: '100.00' });
  });
});

it('brings files of several batches in, one after the other', async () => {
  const size = 1_201;
  const prefix = crypto.randomUUID();
  const refs = Array.from({ length: size }, (_, at) => `${prefix}-${at}`);
  const purchases = refs.map((ref) => `${ref},${customer.code},${code},1,47.07,2024-05-01,2024-05-31,,,false`);
  const payments = refs.map((ref) => `P${ref},${ref},47.07,2024-05-20,transfer`);
  expect(counts(await it_.importFile('purchases', it_.anna, purchases))).toEqual([size, 0, 0, 0]);
  expect(counts(await it_.importFile('payments', it_.finance, payments))).toEqual([size, 0, 0, 0]);
  const [{ settled }] = await it_.db.dataSource.query<[{ settled: number }]>(
    `SELECT count(*)::int AS settled FROM purchases WHERE ref LIKE $1 AND paid = payable`,
    [`${prefix}%`],
  );
  expect(settled).toBe(size);
});

it('goes on with a file where it was when the database has dropped every connection', async () => {
  Logger.overrideLogger(false);
  const size = 2_100;
  const prefix = crypto.randomUUID();
  const rows = Array.from({ length: size }, (_, at) => `${prefix}-${at},${customer.code},${code},1,1,2024-05-01,,,,`);
  const importing = it_.importFile('purchases', it_.anna, rows);
  const arrived = async () =>
    (
      await it_.db.dataSource.query<[{ count: number }]>(
        `SELECT count(*)::int AS count FROM purchases WHERE ref LIKE $1`,
        [`${prefix}%`],
      )
    )[0].count;
  await eventually(async () => expect(await arrived()).toBeGreaterThan(0), 20_000, 5);
  const dropped = await it_.db.dataSource.query<unknown[]>(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND application_name = 'sales'`,
  );
  expect(dropped.length).toBeGreaterThan(0);
  expect(counts(await importing)).toEqual([size, 0, 0, 0]);
  expect(await arrived()).toBe(size);
  const events = await it_.db.dataSource.query<unknown[]>(
    `SELECT FROM outbox WHERE subject = $1 AND payload #>> '{data,ref}' LIKE $2`,
    [sales.purchaseChanged.subject, `${prefix}%`],
  );
  expect(events).toHaveLength(size);
});

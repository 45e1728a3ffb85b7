import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Api } from '#testing/api';
import { eventually } from '#testing/eventually';
import { startTestSystem, type TestSystem } from '#testing/system';
import { arrearsAsOf, importAll, independentArrears, realDataIsThere, realFile } from './receivables.js';

const small: Record<string, string> = {
  products: `code,name,category,unit,guide_price,kind,annual_fee,service_months
SW,财务软件,软件/财务,套,980.00,goods,120.00,12
HR,上门服务,服务,次,200.00,service,,`,
  customers: `code,name,keyword,status,owner,created_on
C1,深圳市中兴通信股份有限公司,中兴,正式客户,sales01,2024-01-31
C2,上海由米科技有限公司,由米,意向客户,sales02,2024-02-29
C3,北京都可茶饮有限公司,都可,正式客户,sales01,2024-03-01`,
  purchases: `ref,customer_code,product_code,quantity,unit_price,sold_on,due_on,annual_fee,service_ends_on,remind
B1,C1,SW,1,980.00,2024-02-01,2024-03-02,120.00,2025-02-01,true
B2,C1,HR,2.5,199.99,2024-02-10,2024-02-20,,,false
B3,C2,HR,1,200.00,2024-02-29,2024-03-30,,,false
B4,C3,SW,3,333.335,2024-03-01,2024-03-31,,,false`,
  payments: `ref,purchase_ref,amount,paid_on,method
P1,B1,500.00,2024-02-15,transfer
P2,B1,480.00,2024-04-01,cash
P3,B2,499.98,2024-02-25,wechat
P4,B3,200.00,2024-03-05,alipay`,
};
// A third decimal of a price is not money: that row comes back with its reason, the others go in.
const goodSmall = { ...small, purchases: (small['purchases'] ?? '').replace('333.335', '333.33') };

const sources = [
  {
    name: 'a few receivables of our own',
    there: true,
    fileOf: (kind: string) => goodSmall[kind as keyof typeof goodSmall] ?? '',
    dates: ['2024-02-14', '2024-02-29', '2024-03-31', '2024-04-01', '2024-12-31'],
  },
  {
    name: '2,586 real invoices',
    there: realDataIsThere,
    fileOf: (kind: string) => realFile(`${kind}.csv`),
    dates: ['2012-03-31', '2012-12-31', '2013-06-30', '2013-12-02', '2014-06-30'],
  },
];

for (const { name, dates, fileOf } of sources.filter((source) => source.there)) {
  describe(name, () => {
    let system: TestSystem;
    let admin: Api;

    beforeAll(async () => {
      system = await startTestSystem();
      admin = await system.as('admin');
    }, 120_000);
    afterAll(() => system?.close());

    it('go in through the API, one file right after the other', async () => {
      for (const job of await importAll(admin, fileOf)) {
        expect(job).toMatchObject({ state: 'completed', failed: 0, errors: [] });
        expect(job.created).toBe(job.total);
      }
    }, 120_000);

    it.each(dates)('give the arrears of %s to the cent, as an independent calculation does', async (asOf) => {
      // The last events may still be on their way to billing.
      await eventually(async () => expect(await arrearsAsOf(admin, asOf)).toEqual(independentArrears(fileOf, asOf)));
    });

    it('are the sum of their list', async () => {
      const asOf = dates[1] ?? '';
      const rows = await admin.all<{ balance: string }>(`/arrears?asOf=${asOf}`);
      const cents = rows.reduce((sum, { balance }) => sum + Math.round(Number(balance) * 100), 0);
      const expected = independentArrears(fileOf, asOf);
      expect(rows).toHaveLength(expected.purchases);
      expect((cents / 100).toFixed(2)).toBe(expected.total);
    });

    it('show a salesperson his share, and finance all', async () => {
      const asOf = dates[1] ?? '';
      const { byOwner, ...all } = independentArrears(fileOf, asOf);
      const finance = await system.as('finance');
      expect(await arrearsAsOf(finance, asOf)).toEqual({ ...all, byOwner });

      const mine = await arrearsAsOf(await system.as('sales01'), asOf);
      expect(mine.total).toBe(byOwner['sales01']);
      expect(mine.byOwner).toEqual({ sales01: byOwner['sales01'] });
    });

    it('change nothing when they come again', async () => {
      const before = await arrearsAsOf(admin, dates[2] ?? '');
      for (const job of await importAll(admin, fileOf)) {
        expect(job).toMatchObject({ state: 'completed', created: 0, updated: 0, failed: 0 });
        expect(job.unchanged).toBe(job.total);
      }
      expect(await arrearsAsOf(admin, dates[2] ?? '')).toEqual(before);
    }, 120_000);
  });
}

(realDataIsThere ? describe : describe.skip)('the figures that came with the real invoices', () => {
  it('agree with the independent calculation', () => {
    const file = resolve('../shared/data/receivables/expected-arrears.json');
    const expected = JSON.parse(readFileSync(file, 'utf8')) as { asOf: string }[];
    for (const { asOf, ...totals } of expected) {
      expect(independentArrears((kind) => realFile(`${kind}.csv`), asOf)).toEqual(totals);
    }
  });
});

describe('a file with faulty rows', () => {
  let system: TestSystem;
  beforeAll(async () => {
    system = await startTestSystem();
  }, 120_000);
  afterAll(() => system?.close());

  it('brings in the good ones and gives the others back with their reasons', async () => {
    const admin = await system.as('admin');
    const jobs = await importAll(admin, (kind) => small[kind] ?? '');
    const purchases = jobs[2];
    expect(purchases).toMatchObject({ state: 'completed', total: 4, created: 3, failed: 1 });
    expect(purchases?.errors).toEqual([expect.objectContaining({ row: 5, field: 'unit_price' })]);
    const { text } = await admin.get(`/imports/${purchases?.id}/errors.csv`).expect(200);
    expect(text).toContain('B4,C3,SW,3,333.335');
    expect(text.trim().split('\n')).toHaveLength(2);
  });

  it('changes nothing in a dry run', async () => {
    const admin = await system.as('admin');
    const { body } = await admin
      .importFile('customers', 'code,name,keyword\nD1,广州港星贸易,港星\n', '?dryRun=true')
      .expect(202);
    expect(body).toMatchObject({ dryRun: true });
    const found = await admin.all<{ code: string }>(`/customers?q=${encodeURIComponent('港星')}`);
    expect(found).toEqual([]);
  });

  it.each([
    ['an unknown column', 'code,name,keyword,colour\nD1,a,b,c\n', 400],
    ['a missing required column', 'code,name\nD1,a\n', 400],
    ['nothing in it', '', 400],
  ])('is refused for %s', async (_what, file, status) => {
    const admin = await system.as('admin');
    const { body } = await admin.importFile('customers', file).expect(status);
    expect(body).toMatchObject({ type: expect.stringContaining('validation') as string });
  });

  it('is not taken from someone who may not', async () => {
    await (await system.as('finance')).importFile('customers', small['customers'] ?? '').expect(403);
    await (await system.as('sales01')).importFile('products', small['products'] ?? '').expect(403);
  });

  it('is seen by nobody else', async () => {
    const admin = await system.as('admin');
    const { body } = await admin.importFile('products', small['products'] ?? '').expect(202);
    await (await system.as('sales01')).get(`/imports/${(body as { id: string }).id}`).expect(404);
  });
});

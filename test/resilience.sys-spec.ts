import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import type { Api } from '#testing/api';
import { eventually } from '#testing/eventually';
import { startTestSystem, type TestSystem } from '#testing/system';
import {
  arrearsAsOf,
  finished,
  handIn,
  importAll,
  independentArrears,
  KINDS,
  type Job,
  realDataIsThere,
  realFile,
} from './receivables.js';

const OWNERS = ['sales01', 'sales02', 'sales03', 'sales04', 'sales05'];
const pad = (n: number) => String(n).padStart(2, '0');

/** Receivables of our own, many enough that an import is still running when something is killed. */
function generated(kind: string): string {
  const purchases = Array.from({ length: 1_500 }, (_, n) => ({
    ref: `B${n}`,
    customer: `C${n % 100}`,
    price: `${(n * 37) % 500}.${pad(n % 100)}`,
    soldOn: `2024-${pad((n % 12) + 1)}-${pad((n % 28) + 1)}`,
    dueOn: `2025-${pad((n % 12) + 1)}-${pad((n % 28) + 1)}`,
  }));
  const files: Record<string, string[]> = {
    products: [
      'code,name,category,unit,guide_price,kind,annual_fee,service_months',
      'INV,按单开票服务,服务,单,60.00,service,,',
    ],
    customers: [
      'code,name,keyword,status,owner,created_on',
      ...Array.from(
        { length: 100 },
        (_, n) => `C${n},客户${pad(n)}有限公司,客户${pad(n)},正式客户,${OWNERS[n % 5]},2024-01-01`,
      ),
    ],
    purchases: [
      'ref,customer_code,product_code,quantity,unit_price,sold_on,due_on,annual_fee,service_ends_on,remind',
      ...purchases.map(
        ({ ref, customer, price, soldOn, dueOn }) => `${ref},${customer},INV,1,${price},${soldOn},${dueOn},,,false`,
      ),
    ],
    payments: [
      'ref,purchase_ref,amount,paid_on,method',
      ...purchases
        .filter(({ price }, n) => n % 3 > 0 && Number(price) > 0)
        .map(({ ref, price, soldOn }) => `P${ref},${ref},${price},${soldOn},transfer`),
    ],
  };
  return (files[kind] ?? []).join('\n');
}

const fileOf = realDataIsThere ? (kind: string) => realFile(`${kind}.csv`) : generated;
const AS_OF = realDataIsThere ? '2012-12-31' : '2024-12-31';
const NAMES = ['code', 'name', 'keyword', 'ref', 'customer_code', 'product_code', 'purchase_ref'];

/** The same files so many times, each time with names and codes of their own. */
function repeated(kind: string, rounds: readonly number[]): string {
  const rows = parse<Record<string, string>>(fileOf(kind), { columns: true, bom: true });
  const inRound = (round: number, [column, text]: [string, string]) =>
    [column, NAMES.includes(column) ? `${round}-${text}` : text] as const;
  const all = rounds.flatMap((round) =>
    rows.map((row) => Object.fromEntries(Object.entries(row).map((cell) => inRound(round, cell)))),
  );
  return stringify(all, { header: true });
}

describe('while an import runs', () => {
  let system: TestSystem;
  let admin: Api;
  const rounds: number[] = [];
  beforeAll(async () => {
    system = await startTestSystem();
    admin = await system.as('admin');
  }, 120_000);
  afterAll(() => system?.close());

  it.each(['auth', 'customers', 'sales', 'billing', 'gateway', 'nats', 'postgres'])(
    'kill -9 of %s loses nothing and doubles nothing',
    async (victim) => {
      const round = rounds.push(rounds.length + 1);
      const started = await handIn(admin, (kind) => repeated(kind, [round]));
      const purchases = `/imports/${started[KINDS.indexOf('purchases')]}`;
      // Some of it is done, the rest isn't, and the payments wait for it.
      await eventually(
        async () => {
          const { processed, total } = (await admin.get(purchases).expect(200)).body as Job;
          expect(processed).toBeGreaterThan(0);
          expect(processed).toBeLessThan(total);
          system.system.process(victim).kill('SIGKILL');
        },
        30_000,
        10,
      );
      await eventually(async () => expect(await system.system.process(victim).isReady()).toBe(true), 60_000);
      for (const id of started) {
        const job = await eventually(() => finished(admin, id, 0), 90_000);
        expect(job).toMatchObject({ state: 'completed', failed: 0, created: job.total });
      }
      const expected = independentArrears((kind) => repeated(kind, rounds), AS_OF);
      await eventually(async () => expect(await arrearsAsOf(admin, AS_OF)).toEqual(expected), 30_000);
    },
    240_000,
  );
});

describe('the system as a whole', () => {
  it('comes back after everything was killed at once, with all that it had acknowledged', async () => {
    const system = await startTestSystem({ durable: true });
    try {
      const admin = await system.as('admin');
      await importAll(admin, fileOf);
      const { body } = await admin.post('/customers', { name: '最后一位', keyword: '最后' }).expect(201);
      await system.system.killAll();

      const again = await startTestSystem({ dataDir: system.system.dataDir, durable: true });
      try {
        const back = await again.as('admin');
        await back.get(`/customers/${body.id}`).expect(200);
        const expected = independentArrears(fileOf, AS_OF);
        await eventually(async () => expect(await arrearsAsOf(back, AS_OF)).toEqual(expected), 30_000);
      } finally {
        await again.close();
      }
    } finally {
      await system.close();
    }
  }, 240_000);
});

import { customerChanged, listCustomers } from '#contracts/customers';
import type { ImportRow } from '#contracts/imports';
import type { Actor } from '#contracts/context';
import { customersImports } from '#contracts/imports';
import { eventually } from '#testing/eventually';
import { CustomerImport } from '../src/customer/customer-import.js';
import { as, startCustomers, told, type Fixture } from './fixture.js';

let f: Fixture;
beforeAll(async () => (f = await startCustomers()), 60_000);
afterAll(async () => f.close());

const rows = (...values: Record<string, string>[]): ImportRow[] =>
  values.map((cells, n) => ({ row: n + 2, values: cells }));
const apply = (who: Actor, batch: ImportRow[]) =>
  f.db.dataSource.transaction((tx) => f.service.app.get(CustomerImport).applyBatch(tx, who, batch));

describe('an import of customers', () => {
  const file = rows(
    {
      code: 'I-1',
      name: '深圳市新美佳通信有限公司',
      keyword: '新美佳',
      status: '正式客戶',
      owner: 'Anna',
      created_on: '2012/3/9',
    },
    { code: 'I-2', name: '上海由米科技', keyword: '由米', owner: 'bert', phone: '021-1' },
  );

  it('creates what is new, changes what differs, and leaves the rest [C48]', async () => {
    expect((await apply(f.admin, file)).map(({ outcome }) => outcome)).toEqual(['created', 'created']);
    const { items } = await f.ask(listCustomers, { q: 'I-1' }, as(f.anna));
    expect(items).toMatchObject([{ code: 'I-1', createdOn: '2012-03-09', ownerId: f.anna.userId }]);
    expect((await apply(f.admin, file)).map(({ outcome }) => outcome)).toEqual(['unchanged', 'unchanged']);
    const changed = rows({ code: 'ｉ-2', name: '上海由米科技', keyword: '由米', owner: 'anna', phone: '021-2' });
    expect(await apply(f.admin, changed)).toMatchObject([
      { outcome: 'updated', warnings: [{ row: 2, field: 'owner', code: 'owner-kept' }] },
    ]);
    const events = await told<{ action: string; code: string }>(f.db, customerChanged.subject);
    expect(events.map(({ version, data }) => [data.action, data.code, version])).toEqual([
      ['imported', 'I-1', 1],
      ['imported', 'I-2', 1],
      ['imported', 'ｉ-2', 2],
    ]);
  });

  it('refuses rows one by one, with the field and the reason', async () => {
    const outcomes = await apply(
      f.bert,
      rows(
        { code: 'I-1', name: 'Anna has it', keyword: 'has it' },
        { code: 'I-3', name: 'X', keyword: 'X', status: 'no such' },
        { code: 'I-4', name: 'X', keyword: 'X', owner: 'nobody' },
        { code: 'I-5', name: 'X', keyword: 'X', owner: 'anna' },
        { code: 'I-6', name: '', keyword: 'X', created_on: '30.2.2012', email: 'x' },
        { code: 'I-7', name: 'Fine Seven', keyword: 'Fine Seven', owner: 'bert' },
      ),
    );
    expect(
      outcomes.map(({ outcome, faults }) => [outcome, ...faults.map(({ field, code }) => `${field}: ${code}`)]),
    ).toEqual([
      ['failed', 'code: code-taken'],
      ['failed', 'status: unknown-status'],
      ['failed', 'owner: unknown-user'],
      ['failed', 'owner: not-owner'],
      ['failed', 'name: required', 'created_on: invalid-format', 'email: invalid-format'],
      ['created'],
    ]);
  });

  it('warns of what resembles another customer, also within the file', async () => {
    const outcomes = await apply(
      f.anna,
      rows(
        { code: 'W-1', name: '由米貿易', keyword: '由米貿易' },
        { code: 'W-2', name: '獨此一家', keyword: '獨此' },
        { code: 'W-3', name: '独此一人', keyword: '独此一人' },
        { code: 'W-4', name: 'Quite alone', keyword: 'Quite alone' },
      ),
    );
    expect(outcomes.map(({ warnings }) => warnings.map(({ code }) => code))).toEqual([
      ['possible-duplicate'],
      ['possible-duplicate'],
      ['possible-duplicate'],
      [],
    ]);
    expect(outcomes[0]?.warnings[0]?.message).toContain('上海由米科技');
  });

  it('runs over the bus, in batches', async () => {
    const call = as(f.admin);
    const header = ['code', 'name', 'keyword', 'owner'];
    const { id } = await f.ask(
      customersImports.start,
      { kind: 'customers', dryRun: false, fileName: 'many.csv', header },
      call,
    );
    const batch = (from: number) =>
      Array.from({ length: 500 }, (_, n) => {
        const name = `Bulk ${((from + n) * 7_919) % 100_003} company`;
        return {
          row: from + n + 2,
          values: { code: `B-${from + n}`, name, keyword: name.slice(0, -8), owner: 'cleo' },
        };
      });
    for (const n of [0, 1, 2]) {
      await f.ask(customersImports.append, { importId: id, batch: n, rows: batch(n * 500) }, call);
    }
    await f.ask(customersImports.finish, { importId: id, batches: 3 }, call);
    const done = await eventually(async () => {
      const job = await f.ask(customersImports.get, { importId: id }, call);
      expect(job.state).toBe('completed');
      return job;
    });
    expect(done).toMatchObject({ total: 1_500, created: 1_500, failed: 0 });
  });

  it('takes a full batch, new or changed, as one', async () => {
    const batch = (note: string) =>
      Array.from({ length: 500 }, (_, n) => {
        const keyword = `快${String.fromCharCode(0x4e00 + n * 3)}${String.fromCharCode(0x5e00 + n * 5)}`;
        const values = { code: `T-${n}`, name: `深圳市${keyword}通信股份有限公司`, keyword, note, phone: `0755-${n}` };
        return { row: n + 2, values };
      });
    for (const note of ['first', 'second']) {
      const outcomes = await apply(f.anna, batch(note));
      expect(new Set(outcomes.map(({ outcome }) => outcome))).toEqual(
        new Set([note === 'first' ? 'created' : 'updated']),
      );
    }
  });
});

import { existsSync, readFileSync } from 'node:fs';
import type { EntityManager } from 'typeorm';
import type { Actor } from '#contracts/context';
import { createCustomer, deleteCustomer, listCustomers, updateCustomer } from '#contracts/customers';
import { checkDuplicates, type DuplicateReport } from '#contracts/duplicates';
import type { AppError } from '#contracts/errors';
import { CoresRefolded20261128140500 } from '../migrations/20261128140500-cores-refolded.js';
import { CustomerRepository } from '../src/customer/customer.repository.js';
import { DuplicateRepository, FIND_DUPLICATES } from '../src/duplicate/duplicate.repository.js';
import { PROBES_PER_MINUTE } from '../src/duplicate/duplicate.service.js';
import { as, refusal, startCustomers, type Fixture } from './fixture.js';

let f: Fixture;
beforeAll(async () => (f = await startCustomers()), 60_000);
afterAll(async () => f.close());

const create = (who: Actor, name: string, keyword: string, more = {}) =>
  f.ask(createCustomer, { name, keyword, ...more }, as(who));
/** What somebody is warned of who creates that. */
const warning = (who: Actor, name: string, keyword: string): Promise<DuplicateReport> =>
  create(who, name, keyword).then(
    () => ({ matches: [], total: 0 }),
    (error: AppError) => {
      expect(`${error.kind}/${error.slug}`).toBe('conflict/possible-duplicate');
      return error.details as unknown as DuplicateReport;
    },
  );

describe('the duplicate warning', () => {
  it('comes for a name that contains another’s keyword, in either script, and tells no more than it may [C9, C11, C13]', async () => {
    const first = await create(f.anna, '中興', '中興');
    const expected = { name: '中興', keyword: '中興', ownerName: 'ANNA', statusName: '意向客户' };
    const report = await warning(f.bert, '深圳市中兴通信股份有限公司', '中兴通信');
    expect(report).toEqual({ matches: [{ ...expected, reason: 'name-contains-keyword' }], total: 1 });
    const own = await warning(f.anna, '深圳市中兴通信股份有限公司', '中兴通信');
    expect(own.matches).toEqual([{ ...expected, customerId: first.id, reason: 'name-contains-keyword' }]);
    expect((await warning(f.bert, 'ＺＴＥ', '中 兴')).matches).toMatchObject([{ reason: 'same-keyword' }]);
  });

  it('comes for a keyword that another’s name contains [C9]', async () => {
    await create(f.anna, '廣東省東方紅機械有限公司', '東方紅機械');
    expect(await warning(f.bert, '东方红', '东方红')).toMatchObject({
      matches: [{ name: '廣東省東方紅機械有限公司', reason: 'keyword-in-name' }],
      total: 1,
    });
  });

  it('comes for names that differ only in region and legal form [C14]', async () => {
    await create(f.anna, '上海市華日貿易有限公司', 'Hua Ri');
    expect((await warning(f.bert, '华日贸易股份有限公司', '日贸易股')).matches).toMatchObject([{ reason: 'alike' }]);
  });

  it('finds names by what makes them alike today, also those that were written before [C14]', async () => {
    const { id } = await create(f.anna, '恒星儀器（蘇州）有限公司', 'Heng Xing');
    const { dataSource, ownerDataSource } = f.db;
    await dataSource.query(`UPDATE customer_names SET name_core = 'former' WHERE customer_id = $1`, [id]);
    const renamed = { name: '苏州恒星仪器集团', keyword: '星仪器集' };
    expect((await f.ask(checkDuplicates, renamed, as(f.bert))).total).toBe(0);
    const runner = ownerDataSource.createQueryRunner();
    await new CoresRefolded20261128140500().up(runner).finally(() => runner.release());
    expect((await f.ask(checkDuplicates, renamed, as(f.bert))).matches).toMatchObject([{ reason: 'alike' }]);
  });

  it('goes away when it is acknowledged, and ends with the customer [C10]', async () => {
    const first = await create(f.anna, 'Ack Alpha', 'Ack Alpha');
    const input = { name: 'Ack Alpha Beta', keyword: 'Ack Alpha Beta' };
    expect(await refusal(f.ask(createCustomer, input, as(f.bert)))).toBe('conflict/possible-duplicate');
    const second = await f.ask(createCustomer, { ...input, acknowledgeDuplicates: true }, as(f.bert));
    for (const { id } of [first, second]) await f.ask(deleteCustomer, { customerId: id }, as(f.admin));
    expect(await warning(f.cleo, 'Ack Alpha', 'Ack Alpha')).toEqual({ matches: [], total: 0 });
  });

  it('comes when a customer is renamed, but not for what it was called before or for another spelling [C9]', async () => {
    await create(f.anna, '鐵馬車業', '鐵馬');
    const mine = await create(f.bert, '飞鱼车业', '飞鱼');
    const rename = (patch: object) => f.ask(updateCustomer, { customerId: mine.id, patch }, as(f.bert));
    expect(await refusal(rename({ name: '铁马飞鱼车业' }))).toBe('conflict/possible-duplicate');
    expect((await rename({ name: '飛魚車業' })).name).toBe('飛魚車業');
    expect((await rename({ name: '飛魚貿易' })).name).toBe('飛魚貿易');
    expect((await rename({ name: '铁马飞鱼', acknowledgeDuplicates: true })).name).toBe('铁马飞鱼');
    expect((await rename({ note: 'nothing to do with it' })).version).toBe(5);
  });

  it('ranks the same keyword first, then the longest, and shows ten [C16]', async () => {
    const keywords = ['Rank', 'Ranking', 'Rankings'];
    for (const keyword of keywords) await f.customer(f.anna, `${keyword} Inc`, keyword);
    for (let n = 0; n < 12; n++) await f.customer(f.anna, `Other Rank ${n}`, `Unlike ${n}`);
    const { matches, total } = await f.ask(
      checkDuplicates,
      { name: 'The Rankings of today', keyword: 'Rank' },
      as(f.bert),
    );
    expect(matches.slice(0, 3).map(({ keyword, reason }) => [keyword, reason])).toEqual([
      ['Rank', 'same-keyword'],
      ['Rankings', 'name-contains-keyword'],
      ['Ranking', 'name-contains-keyword'],
    ]);
    expect(matches).toHaveLength(10);
    expect(total).toBe(15);
  });

  it('reaches at least one of two who use a keyword at the same moment', async () => {
    for (let round = 0; round < 8; round++) {
      const outcomes = await Promise.all(
        [f.anna, f.bert].map((who) => refusal(create(who, `Twins ${round} ${who.username}`, `Twin-${round}`))),
      );
      expect(outcomes).toContain('conflict/possible-duplicate');
      expect(outcomes.filter((outcome) => outcome.startsWith('no error'))).toHaveLength(1);
    }
  });

  it('can be asked for on its own, with every character that is typed, and makes nothing [C17]', async () => {
    await create(f.anna, '珠海打字机厂', '打字机');
    const typed = async (name: string) => {
      const { matches } = await f.ask(checkDuplicates, { name, keyword: name }, as(f.bert));
      return matches.map(({ keyword, ownerName, reason }) => `${keyword} ${ownerName} ${reason}`);
    };
    expect(await typed('打印')).toEqual([]);
    expect(await typed('打字')).toEqual(['打字机 ANNA keyword-in-name']);
    expect(await typed('打字機')).toEqual(['打字机 ANNA same-keyword']);
    expect(await typed('打字机配件')).toEqual(['打字机 ANNA name-contains-keyword']);
    expect((await f.ask(listCustomers, { q: '打字' }, as(f.admin))).items).toHaveLength(1);
  });

  it('is not to be used for reading out what others have [C12]', async () => {
    const prober = await f.person('salesperson', 'prober');
    await f.db.dataSource.query(
      `INSERT INTO duplicate_probes (actor_id, window_started_at, count) VALUES ($1, app.now(), $2)`,
      [prober.userId, PROBES_PER_MINUTE - 2],
    );
    const check = () => f.ask(checkDuplicates, { name: '中兴', keyword: '中兴' }, as(prober));
    expect((await check()).total).toBeGreaterThan(0);
    expect(await refusal(create(prober, '中兴', '中兴'))).toBe('conflict/possible-duplicate');
    expect(await refusal(create(prober, '中兴', '中兴'))).toBe('too-many-requests/too-many-duplicate-checks');
    const refused = await check().catch((error: unknown) => error as AppError);
    expect(refused).toMatchObject({ kind: 'too-many-requests' });
    expect((refused as AppError).details['retryAfter']).toBeGreaterThan(0);
    expect((await create(prober, 'Nothing alike here', 'nothing alike')).version).toBe(1);

    await f.db.dataSource.query(
      `UPDATE duplicate_probes SET window_started_at = window_started_at - interval '1 minute' WHERE actor_id = $1`,
      [prober.userId],
    );
    expect((await check()).total).toBeGreaterThan(0);
  });
});

describe('among 100,000 customers', () => {
  const CUSTOMERS = 100_000;
  const REAL = new URL('../../../../shared/data/company-short-names.txt', import.meta.url);
  const repository = new DuplicateRepository();

  beforeAll(async () => {
    const [{ id: statusId }] = await f.db.dataSource.query<[{ id: string }]>(
      `SELECT id FROM customer_statuses WHERE is_default`,
    );
    const keywords = shortNames();
    const places = ['深圳市', '上海', '广东省', '', '杭州市'];
    const trades = ['通信', '科技', '贸易', '电子', '实业'];
    for (let start = 0; start < CUSTOMERS; start += 5_000) {
      const batch = Array.from({ length: 5_000 }, (_, n) => {
        const keyword = keywords[(start + n) % keywords.length] ?? '';
        const [place, trade] = [places[(start + n) % 5], trades[((start + n) % 7) % 5]];
        const terms = [`grade:${n % 5}`, `no:${start + n}`];
        return { id: crypto.randomUUID(), name: `${place}${keyword}${trade}有限公司`, keyword, terms };
      });
      await f.db.dataSource.transaction(async (tx) => {
        await tx.query(
          `INSERT INTO customers
             (id, name, keyword, status_id, owner_id, created_on, tags, custom_terms, last_follow_up_on)
           SELECT id, name, keyword, $2, $3, '2020-01-01', terms, terms, '2026-01-01'
           FROM jsonb_to_recordset($1::jsonb) AS b (id uuid, name text, keyword text, terms text[])`,
          [JSON.stringify(batch), statusId, f.anna.userId],
        );
        await repository.keepNames(tx, batch);
      });
    }
    await f.db.ownerDataSource.query(`VACUUM ANALYZE customers, customer_names`);
  }, 300_000);

  const candidates = [
    { name: '深圳市中興通信股份有限公司', keyword: '中興' },
    { name: '中', keyword: '中' },
    { name: '科技有限公司', keyword: '科技' },
    { name: 'Nobody has anything like it', keyword: 'nobody' },
    { name: `${'长名'.repeat(90)}有限公司`, keyword: '长名'.repeat(30) },
  ];

  it.each(candidates)('reads only index entries that match: $keyword [C18]', async (candidate) => {
    const nodes = await f.db.dataSource.transaction(async (tx) => {
      // The plan as it is made where the statement is really run, with what is set around it.
      const plans: unknown[] = [];
      const spy = {
        async query(sql: string, parameters?: unknown[]) {
          if (sql !== FIND_DUPLICATES) return tx.query<unknown[]>(sql, parameters);
          plans.push(...(await tx.query<unknown[]>(`EXPLAIN (FORMAT JSON) ${sql}`, parameters)));
          return [];
        },
      } as unknown as EntityManager;
      await repository.find(spy, f.bert, candidate);
      return planNodes(plans);
    });
    const ofNames = nodes.filter((node) => JSON.stringify(node).includes('customer_names'));
    expect(ofNames.map((node) => node['Index Name']).filter(Boolean)).toEqual(
      expect.arrayContaining(['customer_names_keyword', 'customer_names_grams', 'customer_names_core']),
    );
    for (const node of nodes) {
      if (node['Relation Name'] === 'customers' || node['Relation Name'] === 'customer_names') {
        expect(node['Node Type']).not.toBe('Seq Scan');
      }
      if (typeof node['Index Name'] === 'string' && /^customer/.test(node['Index Name'])) {
        expect(node['Index Cond']).toBeDefined();
      }
    }
  });

  it('finds a keyword of another among a hundred thousand', async () => {
    await f.customer(f.cleo, '中興', '中興');
    const candidate = { name: '深圳市中興通信股份有限公司', keyword: '中興通信' };
    const report = await f.db.dataSource.transaction((tx) => repository.find(tx, f.bert, candidate));
    expect(report.matches.map(({ keyword }) => keyword)).toContain('中興');
  });

  it('lists the few customers of one without reading those of all others', async () => {
    const customers = new CustomerRepository();
    const few = await f.person('salesperson', 'newcomer');
    for (const sort of ['-createdOn', 'name', '-updatedAt'] as const) {
      const plans: unknown[] = [];
      const spy = {
        async query(sql: string, parameters?: unknown[]) {
          plans.push(...(await f.db.dataSource.query<unknown[]>(`EXPLAIN (ANALYZE, FORMAT JSON) ${sql}`, parameters)));
          return f.db.dataSource.query<unknown[]>(sql, parameters);
        },
      } as unknown as EntityManager;
      const { items } = await customers.list(spy, few, { sort, limit: 50 });
      expect(items).toEqual([]);
      const rowsRead = planNodes(plans).reduce((sum, node) => sum + touched(node), 0);
      expect(plans.length).toBeGreaterThan(0);
      expect(rowsRead).toBeLessThan(100);
    }
  });

  it.each([
    ['a custom field’s rare value', {}, ['no:77777']],
    ['a custom field’s frequent value', {}, ['grade:3']],
    ['a custom field’s value that nobody has', {}, ['grade:9']],
    ['a rare tag', { tag: ['no:77777'] }, []],
    ['a frequent tag and a rare one', { tag: ['grade:3', 'no:77773'] }, []],
    ['no follow-up since long ago', { noFollowUpSince: '2020-01-01' }, []],
    ['no follow-up since lately', { noFollowUpSince: '2026-11-01' }, []],
  ])('lists by %s without reading through all [C7, C25]', async (_what, query, terms) => {
    const plans: unknown[] = [];
    await f.db.dataSource.transaction(async (tx) => {
      const spy = {
        async query(sql: string, parameters?: unknown[]) {
          plans.push(...(await tx.query<unknown[]>(`EXPLAIN (ANALYZE, FORMAT JSON) ${sql}`, parameters)));
          return tx.query<unknown[]>(sql, parameters);
        },
      } as unknown as EntityManager;
      await new CustomerRepository().list(
        spy,
        f.admin,
        { sort: '-createdOn', limit: 50, ...query },
        { customTerms: terms },
      );
    });
    const ofCustomers = planNodes(plans).filter((node) => node['Relation Name'] === 'customers');
    expect(ofCustomers.length).toBeGreaterThan(0);
    for (const node of ofCustomers) expect(node['Node Type']).not.toBe('Seq Scan');
    expect(ofCustomers.reduce((sum, node) => sum + touched(node), 0)).toBeLessThan(5_000);
  });

  it('counts no further than a thousand', async () => {
    const { total, matches } = await f.db.dataSource.transaction((tx) =>
      repository.find(tx, f.bert, { name: '科技有限公司', keyword: '科技' }),
    );
    expect([total, matches.length]).toEqual([1_000, 10]);
  });

  /** The organisation's real short names, or some hundred thousand made up like them. */
  function shortNames(): string[] {
    if (existsSync(REAL)) return readFileSync(REAL, 'utf8').split('\n').filter(Boolean);
    const characters = Array.from('新美佳由米都可茶饮港星众缘合和意威浩晖禹能嘉乐雷尼尔玉成车离子梆丘沃易浮云小泉暮雨');
    const one = (seed: number) => characters[seed % characters.length] ?? '';
    return Array.from({ length: CUSTOMERS }, (_, n) => one(n * 7) + one((n / 3) | 0) + one((n / 41) | 0));
  }
});

type PlanNode = Record<string, unknown> & { Plans?: PlanNode[] };

/** The rows that a node gave or threw away. */
function touched(node: PlanNode): number {
  const count = (name: string) => Number(node[name] ?? 0);
  return (count('Actual Rows') + count('Rows Removed by Filter')) * count('Actual Loops');
}

function planNodes(explained: unknown[]): PlanNode[] {
  const all = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(all)];
  return explained.flatMap((row) =>
    (row as { 'QUERY PLAN': { Plan: PlanNode }[] })['QUERY PLAN'].flatMap(({ Plan }) => all(Plan)),
  );
}

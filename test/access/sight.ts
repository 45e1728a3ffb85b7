import { BY_ROLE } from './expectations.js';
import { nameOf, requestTo } from './requests.js';
import { leaksIn } from './leaks.js';
import { queriesOf, READS } from './lists.js';
import { BLIND, CANARY_AMOUNT, OWN_AMOUNT, SALESPEOPLE, type Person, type World } from './world.js';

interface Sums {
  total: string;
  customers: number;
  purchases: number;
  buckets: Record<string, string>;
}

/** Lists, counts and sums show what one may see, all of it and nothing else. */
export function sight(worldOf: () => World): void {
  describe('what somebody sees without naming a customer', () => {
    it.each(READS.filter(({ params }) => params.length === 0).map((route) => [nameOf(route), route] as const))(
      '%s shows nothing of a customer who is none of his, however it is asked',
      async (name, route) => {
        const world = worldOf();
        const leaks: string[] = [];
        let shown = 0;
        for (const query of queriesOf(world, route)) {
          await Promise.all(
            BLIND.map(async (person) => {
              const who = world.people[person];
              const request = requestTo(world, route, world.shown, who);
              const answer = await who.send({ ...request, path: request.path + query });
              if (answer.status === 200) shown += 1;
              // He was given the delegation, and goes on seeing in it whom it was about.
              const found = leaksIn(answer, world.subjects, { ids: name !== 'GET /delegations' });
              leaks.push(...found.map((what) => `${person} ${query}: ${what}`));
              expect(answer.status).toBeLessThan(500);
            }),
          );
        }
        expect(leaks).toEqual([]);
        // What is shown to salespeople at all, without being asked for by its id.
        const listed = BY_ROLE[name]?.[1] === 200 && name !== 'GET /dunning-notices/combined';
        if (listed && name !== 'GET /users/directory') expect(shown).toBeGreaterThan(0);
      },
    );

    it.each([...SALESPEOPLE, 'finance', 'administrator'] as const)('%s: exactly what is his', async (person) => {
      const world = worldOf();
      const who = world.people[person];
      const ids = [...world.sees(person)].sort();
      const amounts = amountsOf(world, ids);
      const listed = await who.all<{ id: string }>('/customers');
      expect(listed.map(({ id }) => id).sort()).toEqual(ids);
      const { items: statuses } = await who.get<{ items: { count: number }[] }>('/customer-statuses');
      expect(sum(statuses.map(({ count }) => count))).toBe(ids.length);

      for (const list of ['/arrears', '/service-fees', '/reminders']) {
        const rows = await who.all<{ customerId: string }>(list);
        expect([...new Set(rows.map(({ customerId }) => customerId))].sort()).toEqual(ids);
      }
      const expected = { total: sum(amounts).toFixed(2), count: amounts.length };
      expect(await who.get('/arrears?limit=1')).toMatchObject(expected);
      const summary = await who.get<Sums & { owners: Sums[] }>('/arrears/summary?groupBy=owner');
      expect(summary).toMatchObject({ ...asSummary(expected), customers: ids.length });
      expect(sum(Object.values(summary.buckets).map(Number)).toFixed(2)).toBe(expected.total);
      expect(sum(summary.owners.map(({ total }) => Number(total))).toFixed(2)).toBe(expected.total);
      if (person !== 'finance') {
        const digest = await who.post<{ summary: Sums }>('/digests/preview', { kind: 'salesperson' });
        expect(digest.summary).toMatchObject(asSummary(expected));
      }
    });

    it('a digest that he was sent names only whom he sees now', async () => {
      const { people, subjects } = worldOf();
      for (const { id } of await people.former.all<{ id: string }>('/digests')) {
        const answer = await people.former.send({ method: 'GET', path: `/api/v1/digests/${id}` });
        expect(answer.status).toBe(200);
        expect(leaksIn(answer, subjects)).toEqual([]);
      }
    });

    it('the duplicate warning names a customer of anyone, and says no more of him than that', async () => {
      const { people, shown } = worldOf();
      const name = { name: '深圳市金絲雀0號科技', keyword: '金絲雀0號' };
      const match = { keyword: '金丝雀0号', name: '金丝雀0号有限公司', reason: 'same-keyword' };
      const found = async (person: Person) =>
        (await people[person].post<{ matches: object[] }>('/customers/duplicate-check', name)).matches[0];
      const named = { ...match, ownerName: '销售01', statusName: expect.any(String) as string };
      expect(await found('stranger')).toEqual(named);
      expect(await found('active')).toEqual({ ...named, customerId: shown.customerId });
    });
  });
}

const asSummary = ({ total, count }: { total: string; count: number }) => ({ total, purchases: count });
const sum = (numbers: number[]) => numbers.reduce((all, one) => all + one, 0);

/** What each of these customers owes, by whose they are; the first has bought twice. */
function amountsOf({ subjects, shown }: World, ids: string[]): number[] {
  const canaries = new Set(subjects.map(({ customerId }) => customerId));
  const twice = ids.includes(shown.customerId) ? [CANARY_AMOUNT] : [];
  return [...ids.map((id) => (canaries.has(id) ? CANARY_AMOUNT : OWN_AMOUNT)), ...twice];
}

import type { TableRow } from '../../apps/gateway/src/edge/route-table.js';
import type { Answer, Client } from './client.js';
import { BY_RELATION, BY_ROLE, BY_SIDE, RELATIONS, ROLES, SIDES } from './expectations.js';
import { leaksIn } from './leaks.js';
import { nameOf, requestTo, ROUTES, senderOf, subjectFor, unknownTo, witness, writes } from './requests.js';
import { BLIND, type Person, type Subject, type World } from './world.js';

/** What one line expects: for each of its columns who that is, and what he gets. */
interface Line {
  columns: readonly string[];
  statuses: readonly number[];
  person: (column: string) => Person;
}

const SAME: Line['person'] = (column) => column as Person;
const OF_ROLE: Line['person'] = (column) =>
  (({ salesperson: 'stranger', manager: 'foreign' }) as const)[column] ?? SAME(column);
const OF_SIDE: Line['person'] = (column) => (({ own: 'owner', party: 'covering' }) as const)[column] ?? SAME(column);
const TABLES: [Record<string, readonly number[]>, readonly string[], Line['person']][] = [
  [BY_ROLE, ROLES, OF_ROLE],
  [BY_RELATION, RELATIONS, SAME],
  [BY_SIDE, SIDES, OF_SIDE],
];
const LINES = new Map<string, Line>(
  TABLES.flatMap(([table, columns, person]) =>
    Object.entries(table).map(([name, statuses]): [string, Line] => [name, { columns, statuses, person }]),
  ),
);

/** How many customers the matrix uses up: one for what is refused on a route that writes, one for each that is not. */
export const NEEDED = Object.values(BY_RELATION).reduce(
  (sum, statuses) => sum + 1 + statuses.filter((status) => status < 400).length,
  1,
);

export function matrix(worldOf: () => World): void {
  describe('the access matrix', () => {
    it('has a line for every route, and no other', () => {
      const written = TABLES.flatMap(([table]) => Object.keys(table));
      expect(written.sort()).toEqual(ROUTES.map(nameOf).sort());
    });

    it('asks of every route about a customer how one stands to him', () => {
      const about = ROUTES.filter(({ relation }) => relation !== undefined).map(nameOf);
      expect(about.filter((name) => !(name in BY_RELATION))).toEqual([]);
    });

    it.each(ROUTES.map((route) => [nameOf(route), route] as const))('%s', async (name, route) => {
      const { columns, statuses, person } = LINES.get(name) as Line;
      expect(statuses).toHaveLength(columns.length);
      const world = worldOf();
      const expected = Object.fromEntries(columns.map((column, n) => [column, statuses[n] as number]));
      const got: Record<string, number> = {};
      const ask = async (column: string, subject: Subject) => {
        const who = person(column);
        const sender = await senderOf(world, route, world.people[who], column);
        const answer = await sender.send(requestTo(world, route, subject, sender));
        got[column] = answer.status;
        if (answer.status === 404) await expectUnknown(world, route, subject, sender, answer);
        if (BLIND.includes(who)) expect(leaksIn(answer, world.subjects, asksForIds(name))).toEqual([]);
      };

      // First whoever is refused, all on the same subject: it must look the same afterwards.
      const isRefused = (column: string) => (expected[column] as number) >= 400;
      const subject = await subjectFor(world, route);
      const before = await witness(world, route, subject);
      await Promise.all(columns.filter(isRefused).map((column) => ask(column, subject)));
      expect(await witness(world, route, subject)).toEqual(before);

      for (const column of columns.filter((one) => !isRefused(one))) {
        await ask(column, writes(route) ? await subjectFor(world, route) : subject);
      }
      expect(got).toEqual(expected);
    });

    it('knows no purchase under a customer who has not made it', async () => {
      const world = worldOf();
      const [own] = world.owned.get('stranger') as [string];
      const strange = { ...world.shown, customerId: own };
      for (const route of ROUTES.filter(({ params }) => params.includes('purchaseId'))) {
        const unknown = { ...strange, purchaseId: unknownTo(route, strange).customerId };
        const [hidden, none] = await Promise.all(
          [strange, unknown].map((subject) => tell(world, route, subject, world.people.stranger)),
        );
        expect(hidden).toEqual(none);
        expect(hidden?.status).toBe(404);
      }
    });
  });
}

/** A thing that one may not see is answered as one that doesn't exist. */
async function expectUnknown(world: World, route: TableRow, subject: Subject, sender: Client, hidden: Answer) {
  const unknown = await tell(world, route, unknownTo(route, subject), sender);
  expect(withoutItsOwn(hidden)).toEqual(unknown);
}

const tell = async (world: World, route: TableRow, subject: Subject, sender: Client) =>
  withoutItsOwn(await sender.send(requestTo(world, route, subject, sender)));

/** The body is compared byte by byte; of the headers those are left out that name the request and the moment. */
function withoutItsOwn({ status, text, headers }: Answer): Answer {
  const { 'x-request-id': _request, date: _date, ...rest } = headers;
  return { status, text, headers: rest };
}

/** Whoever was given a delegation goes on seeing in it which customers it was about. */
const asksForIds = (name: string) => ({ ids: name !== 'GET /delegations' });

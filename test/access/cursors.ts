import { BY_ROLE } from './expectations.js';
import { handOver, nameOf, requestTo } from './requests.js';
import { LISTS, queriesOf } from './lists.js';
import type { World } from './world.js';

/** A cursor is of one list, one filter and one reader. */
export function cursors(worldOf: () => World): void {
  describe('a cursor', () => {
    // No sooner: whoever takes over from a leaver sees more than he did.
    beforeAll(async () => {
      for (let n = 0; n < 2; n++) await handOver(worldOf());
    });

    it.each(LISTS.map((route) => [nameOf(route), route] as const))('of %s serves nobody else', async (name, route) => {
      const world = worldOf();
      const { owner, covering, administrator } = world.people;
      // What is the administrator's to list, a second one may list as well.
      const administrators = BY_ROLE[name]?.[1] === 403;
      const [reader, other] = administrators ? [administrator, await world.spare('administrator')] : [owner, covering];
      const { path } = requestTo(world, route, world.shown, reader);
      const get = (who: typeof owner, query: string) => who.send({ method: 'GET', path: `${path}?${query}` });

      const first = await get(reader, 'limit=1');
      const { nextCursor } = JSON.parse(first.text) as { nextCursor: string | null };
      if (nextCursor === null) throw new Error(`${name}: the world has too few of them for a second page`);
      const next = `limit=1&cursor=${nextCursor}`;
      expect((await get(reader, next)).status).toBe(200);
      // Who may not even ask is not told about the cursor.
      expect((await get(other, next)).status).toBe(400);
      for (const filter of queriesOf(world, route).filter((query) => query && !query.startsWith('?limit='))) {
        expect([filter, (await get(reader, `${next}&${filter.slice(1)}`)).status]).toEqual([filter, 400]);
      }
      expect((await get(reader, `limit=1&cursor=${nextCursor.slice(0, -2)}`)).status).toBe(400);
    });
  });
}

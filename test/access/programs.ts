import { eventually } from '#testing/eventually';
import { Client } from './client.js';
import { BY_TOKEN } from './expectations.js';
import { apiToken, nameOf, requestTo, ROUTES, unknownTo, V1 } from './requests.js';
import type { World } from './world.js';

/** What programs may with the API tokens of those for whom they work. */
export function programs(worldOf: () => World): void {
  describe('a program with an API token', () => {
    const programOf = async (permissions: string[]) => {
      const { id, token } = await apiToken(worldOf(), permissions);
      return { id, program: new Client(worldOf().people.owner.url, '', token) };
    };

    it('may what its token names, and on every other route nothing [P18]', async () => {
      const world = worldOf();
      const { program } = await programOf(['customers.read']);
      const got: Record<string, number> = {};
      for (const route of ROUTES.filter(({ access }) => access !== 'public')) {
        const { status } = await program.send(requestTo(world, route, world.shown, program));
        got[nameOf(route)] = status;
      }
      const opened = Object.keys(got).filter((name) => got[name] !== 403);
      expect(opened.sort()).toEqual(BY_TOKEN.toSorted());
      expect(BY_TOKEN.map((name) => got[name])).toEqual(BY_TOKEN.map(() => 200));
    });

    it('sees no customer that its user does not see [P18]', async () => {
      const world = worldOf();
      const { program } = await programOf(['customers.read']);
      const [strange] = world.owned.get('stranger') as [string];
      const route = ROUTES.find((one) => nameOf(one) === 'GET /customers/:customerId');
      if (!route) throw new Error('There is no such route');
      const subject = { customerId: strange };
      const hidden = await program.send(requestTo(world, route, subject, program));
      const unknown = await program.send(requestTo(world, route, unknownTo(route, subject), program));
      expect([hidden.status, hidden.text]).toEqual([404, unknown.text]);
    });

    it('may nothing from the next second on when its token is revoked [P18]', async () => {
      const { owner } = worldOf().people;
      const { id, program } = await programOf(['customers.read']);
      const ask = async () => (await program.send({ method: 'GET', path: `${V1}/customers?limit=1` })).status;
      expect(await ask()).toBe(200);
      expect((await owner.get<{ items: { id: string; lastUsedAt?: string }[] }>('/api-tokens')).items).toContainEqual(
        expect.objectContaining({ id, lastUsedAt: expect.any(String) as string }),
      );
      await owner.must('DELETE', `/api-tokens/${id}`);
      await eventually(async () => expect(await ask()).toBe(401));
    });
  });
}

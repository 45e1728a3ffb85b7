import { eventually } from '#testing/eventually';
import { newcomer, type Client, type Made } from './client.js';
import { leaksIn } from './leaks.js';
import { V1 } from './requests.js';
import type { World } from './world.js';

/** How many customers are used up here. */
export const TURNS = 4;

/** What the matrix, which looks at one moment, leaves out: turns of events, and work that outlives its request. */
export function turns(worldOf: () => World): void {
  const seenBy = (id: string, ...people: Client[]) =>
    Promise.all(
      people.map(async (who) => (await who.send({ method: 'GET', path: `${V1}/customers/${id}` })).status === 200),
    );

  describe('from one request to the next', () => {
    it('a transfer takes a customer away, and its undo brings him back, once', async () => {
      const { owner, stranger } = worldOf().people;
      const { customerId } = worldOf().take();
      const move = { customerIds: [customerId], toUserId: stranger.userId, reason: '离职' };
      const { id } = await owner.post('/transfers', move);
      expect(await seenBy(customerId, owner, stranger)).toEqual([false, true]);
      await owner.post(`/transfers/${id}/undo`);
      expect(await seenBy(customerId, owner, stranger)).toEqual([true, false]);
      expect((await owner.send({ method: 'POST', path: `${V1}/transfers/${id}/undo` })).status).toBe(409);
    });

    it('a team that changes takes customers from its manager and brings them, in lists and sums too [P8]', async () => {
      const world = worldOf();
      const { managing, foreign } = world.people;
      const { customerId } = world.take();
      const owes = async (who: Client) =>
        (await who.all<{ customerId: string }>('/arrears')).some((row) => row.customerId === customerId);
      const views = async () => [
        await seenBy(customerId, managing, foreign),
        await Promise.all([managing, foreign].map(owes)),
      ];
      const both = (view: boolean[]) => [view, view];
      expect(await views()).toEqual(both([true, false]));
      await world.move('foreign', world.teamId);
      expect(await views()).toEqual(both([true, true]));
      await world.move('foreign', null);
      await world.move('managing', null);
      expect(await views()).toEqual(both([false, false]));
      await world.move('managing', world.teamId);
      expect(await views()).toEqual(both([true, false]));
    });

    it('of several customers all are moved or none', async () => {
      const { owner, stranger, covering } = worldOf().people;
      const { customerId } = worldOf().take();
      const [his] = worldOf().owned.get('stranger') as [string];
      const body = { customerIds: [customerId, his], toUserId: covering.userId, reason: '离职' };
      expect((await owner.send({ method: 'POST', path: `${V1}/transfers`, body })).status).toBe(404);
      expect(await seenBy(customerId, owner, covering)).toEqual([true, true]);
      expect(await seenBy(his, stranger, covering)).toEqual([true, false]);
    });

    it('a request that is sent again is judged again: its key opens nothing', async () => {
      const { owner, stranger } = worldOf().people;
      const { productId } = worldOf();
      const { customerId } = worldOf().take();
      const lent = { customerIds: [customerId], delegateId: stranger.userId, reason: '年假' };
      const { id } = await owner.post('/delegations', lent);
      const buy = {
        method: 'POST',
        path: `${V1}/customers/${customerId}/purchases`,
        body: { purchases: [{ productId, quantity: '1' }] },
        headers: { 'idempotency-key': 'again' },
      };
      const first = await stranger.send(buy);
      expect(first.status).toBe(201);
      expect((await stranger.send(buy)).text).toBe(first.text);
      await owner.post(`/delegations/${id}/revoke`);
      const again = await stranger.send(buy);
      expect(again.status).toBe(404);
      expect(leaksIn(again, worldOf().subjects)).toEqual([]);
    });

    it('what a disabled user had lent gives nothing, and the administrator hands his customers on', async () => {
      const { administrator, stranger } = worldOf().people;
      const leaver = await newcomer(administrator, 'salesperson');
      const name = { name: '远走有限公司', keyword: '远走' };
      const { id } = await eventually(() => leaver.post('/customers', name));
      await leaver.post('/delegations', { delegateId: stranger.userId, scope: 'all', reason: '年假' });
      expect(await seenBy(id, stranger)).toEqual([true]);
      await administrator.post(`/users/${leaver.userId}/disable`);
      await eventually(async () => expect(await seenBy(id, leaver, stranger)).toEqual([false, false]));
      const move = { fromUserId: leaver.userId, toUserId: stranger.userId, reason: '离职' };
      await administrator.post('/transfers', move);
      expect(await seenBy(id, stranger)).toEqual([true]);
    });
  });

  describe('a file', () => {
    const imports = async (who: Client, kind: string, text: string) => {
      const file = { name: `${kind}.csv`, text };
      const { id } = JSON.parse((await who.send({ method: 'POST', path: `${V1}/imports/${kind}`, file })).text) as Made;
      return eventually(async () => {
        const answer = await who.send({ method: 'GET', path: `${V1}/imports/${id}` });
        expect(answer.text).toContain('"state":"completed"');
        const { created, updated, errors } = JSON.parse(answer.text) as Record<string, unknown>;
        return { created, updated, errors };
      });
    };
    const sale = (ref: string, customer: string) =>
      `ref,customer_code,product_code,quantity,unit_price,sold_on\n${ref},${customer},SW,1,1.00,2025-01-01\n`;
    const payment = (purchase: string) =>
      `ref,purchase_ref,amount,paid_on\n${purchase}-1,${purchase},1.00,2025-01-01\n`;

    it("writes to nobody else's customers, and tells of them as of none", async () => {
      const { owner, active, stranger, former, revoked } = worldOf().people;
      expect(await imports(owner, 'purchases', sale('F-1', 'CANARY-0'))).toMatchObject({ created: 1, errors: [] });
      expect(await imports(active, 'purchases', sale('F-2', 'CANARY-0'))).toMatchObject({ created: 1, errors: [] });
      for (const who of [stranger, former, revoked]) {
        const nothing = { created: 0, updated: 0 };
        const bought = await imports(who, 'purchases', sale('F-3', 'CANARY-0'));
        expect(bought).toMatchObject(nothing);
        expect(bought).toEqual(await imports(who, 'purchases', sale('F-3', 'NOBODY')));
        const paid = await imports(who, 'payments', payment('F-1'));
        expect(paid).toMatchObject(nothing);
        expect(paid).toEqual(await imports(who, 'payments', payment('F-0')));
        const stolen = await imports(who, 'customers', 'code,name,keyword\nCANARY-0,夺来,夺来\n');
        expect(stolen).toMatchObject(nothing);
      }
      expect(await owner.get(`/customers?q=${encodeURIComponent('夺来')}`)).toMatchObject({ items: [] });
    });
  });
}

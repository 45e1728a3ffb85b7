import { anonymous, type Api } from '#testing/api';
import { eventually } from '#testing/eventually';
import { startTestSystem, type TestSystem } from '#testing/system';

/** The relations of the access model over HTTP, on single reads, lists, counts, and sums of another service. */
describe('who sees a customer and his money', () => {
  let system: TestSystem;
  let admin: Api;
  let owner: Api;
  let other: Api;
  let finance: Api;
  let productId: string;

  beforeAll(async () => {
    system = await startTestSystem();
    [admin, owner, other, finance] = (await Promise.all(
      ['admin', 'sales01', 'sales02', 'finance'].map((name) => system.as(name)),
    )) as [Api, Api, Api, Api];
    const product = { code: 'SW', name: '软件', unit: '套', guidePrice: '100.00', kind: 'goods' };
    productId = (await admin.post('/products', product).expect(201)).body.id as string;
  }, 120_000);
  afterAll(() => system?.close());

  let made = 0;
  async function customerWithArrears(of: Api, amount = '100.00'): Promise<string> {
    made += 1;
    const name = `客户${made}号`;
    const { body } = await of.post('/customers', { name, keyword: name, acknowledgeDuplicates: true }).expect(201);
    const id = body.id as string;
    const purchases = [{ productId, quantity: '1', unitPrice: amount, soldOn: '2025-01-01', dueOn: '2025-01-31' }];
    await of.post(`/customers/${id}/purchases`, { purchases }).expect(201);
    // Sales tells billing by an event; from then on only ownership decides.
    await eventually(async () => expect(await arrearsOf(of, id)).toBe(amount));
    return id;
  }

  async function arrearsOf(who: Api, customerId: string): Promise<string | undefined> {
    const rows = await who.all<{ customerId: string; balance: string }>('/arrears');
    return rows.find((row) => row.customerId === customerId)?.balance;
  }
  const total = async (who: Api) => Number((await who.get('/arrears/summary').expect(200)).body.total);
  const listed = async (who: Api, id: string) =>
    (await who.all<{ id: string }>('/customers')).some((customer) => customer.id === id);
  const counted = async (who: Api) => {
    const { body } = await who.get('/customer-statuses').expect(200);
    return (body.items as { count: number }[]).reduce((sum, { count }) => sum + count, 0);
  };

  async function expectSees(who: Api, id: string) {
    await who.get(`/customers/${id}`).expect(200);
    await who.get(`/customers/${id}/purchases`).expect(200);
    expect(await listed(who, id)).toBe(true);
    expect(await arrearsOf(who, id)).toBe('100.00');
  }

  async function expectBlind(who: Api, id: string) {
    const unknown = '0192f0c1-2b3c-7d4e-8f5a-6b7c8d9e0f1a';
    for (const path of ['', '/purchases']) {
      const hidden = await who.get(`/customers/${id}${path}`).expect(404);
      expect(hidden.text).toBe((await who.get(`/customers/${unknown}${path}`).expect(404)).text);
    }
    await who.patch(`/customers/${id}`, { note: 'x' }).expect(404);
    await who.delete(`/customers/${id}`).expect(404);
    expect(await listed(who, id)).toBe(false);
    expect(await arrearsOf(who, id)).toBeUndefined();
  }

  it('the owner does, a stranger does not, finance reads and the administrator may all', async () => {
    const id = await customerWithArrears(owner);
    await expectSees(owner, id);
    await expectBlind(other, id);
    await expectSees(finance, id);
    await finance.patch(`/customers/${id}`, { note: 'x' }).expect(403);
    await expectSees(admin, id);
    await anonymous(system.system.url).get(`/customers/${id}`).expect(401);
  });

  it('a transfer moves everything on the very next request, and its undo brings it back', async () => {
    const id = await customerWithArrears(owner);
    const before = { owner: await total(owner), other: await total(other), count: await counted(owner) };

    const preview = await owner.post('/transfers/preview', { customerIds: [id], toUserId: other.userId }).expect(200);
    expect(preview.body).toEqual({ customerCount: 1, openArrears: { count: 1, amount: '100.00' }, openReminders: 0 });

    const transfer = { customerIds: [id], toUserId: other.userId, reason: '离职' };
    const { body } = await owner.post('/transfers', transfer).expect(201);
    expect(await total(owner)).toBe(before.owner - 100);
    expect(await total(other)).toBe(before.other + 100);
    expect(await counted(owner)).toBe(before.count - 1);
    await expectBlind(owner, id);
    await expectSees(other, id);

    await owner.post(`/transfers/${body.id}/undo`).expect(200);
    expect(await total(owner)).toBe(before.owner);
    await expectSees(owner, id);
    await expectBlind(other, id);
    await owner.post(`/transfers/${body.id}/undo`).expect(409);
  });

  it('only the owner and the administrator transfer, and all or nothing', async () => {
    const [mine, his] = [await customerWithArrears(owner), await customerWithArrears(other)];
    await owner.post('/transfers', { customerIds: [mine, his], toUserId: other.userId, reason: 'x' }).expect(404);
    await expectSees(owner, mine);
    await finance.post('/transfers', { customerIds: [mine], toUserId: other.userId, reason: 'x' }).expect(403);
    await owner.post('/transfers', { customerIds: [mine], toUserId: finance.userId, reason: 'x' }).expect(422);
  });

  it('a delegate sees and edits before it is taken back, and not a request longer', async () => {
    const id = await customerWithArrears(owner);
    await expectBlind(other, id);
    const delegation = { delegateId: other.userId, customerIds: [id], reason: '年假' };
    const { body } = await owner.post('/delegations', delegation).expect(201);
    expect(body).toMatchObject({ state: 'active', scope: 'customers', customerIds: [id], endsAt: null });

    await expectSees(other, id);
    const seen = await other.get(`/customers/${id}`).expect(200);
    expect(seen.body.access).toEqual({ via: 'delegate', delegationId: body.id });
    await other.patch(`/customers/${id}`, { note: '代为跟踪' }, seen.body.version as number).expect(200);
    await other.delete(`/customers/${id}`).expect(403);
    await other.post('/transfers', { customerIds: [id], toUserId: other.userId, reason: 'x' }).expect(403);
    await other.post('/delegations', { delegateId: owner.userId, customerIds: [id], reason: 'x' }).expect(403);

    await owner.post(`/delegations/${body.id}/revoke`).expect(200);
    await expectBlind(other, id);
    await expectSees(owner, id);
  });

  it('a delegation of everything covers customers that come later, and ends by itself', async () => {
    const third = await system.as('sales03');
    const now = await databaseNow();
    const ends = new Date(now.getTime() + 4_000).toISOString();
    const delegation = { delegateId: third.userId, scope: 'all', endsAt: ends, reason: '年假' };
    await owner.post('/delegations', delegation).expect(201);
    const id = await customerWithArrears(owner);
    await third.get(`/customers/${id}`).expect(200);
    await eventually(async () => {
      await third.get(`/customers/${id}`).expect(404);
    });
    await expectBlind(third, id);
  });

  it('a delegation that has not begun gives nothing yet', async () => {
    const id = await customerWithArrears(owner);
    const starts = new Date((await databaseNow()).getTime() + 3_600_000).toISOString();
    const delegation = { delegateId: other.userId, customerIds: [id], startsAt: starts, reason: '年假' };
    const { body } = await owner.post('/delegations', delegation).expect(201);
    expect(body.state).toBe('scheduled');
    await expectBlind(other, id);
  });

  it('delegations that make no sense are refused', async () => {
    const id = await customerWithArrears(owner);
    const past = '2020-01-01T00:00:00Z';
    const give = (more: object) => owner.post('/delegations', { customerIds: [id], reason: 'x', ...more });
    await give({ delegateId: owner.userId }).expect(422);
    await give({ delegateId: finance.userId }).expect(422);
    await give({ delegateId: other.userId, endsAt: past }).expect(422);
    await give({ delegateId: other.userId, scope: 'all' }).expect(400);
  });

  it('a disabled user is refused within a second, and what he lent gives nothing', async () => {
    const leaver = await system.as('sales05');
    const id = await customerWithArrears(leaver);
    await leaver.post('/delegations', { delegateId: other.userId, scope: 'all', reason: 'x' }).expect(201);
    await other.get(`/customers/${id}`).expect(200);

    await admin.post(`/users/${leaver.userId}/disable`).expect(200);
    await eventually(() => leaver.get('/me').expect(401), 1_000);
    await eventually(() => other.get(`/customers/${id}`).expect(404), 2_000);

    await admin.post('/transfers', { fromUserId: leaver.userId, toUserId: other.userId, reason: '离职' }).expect(201);
    await expectSees(other, id);
  });

  it("a cursor of another's list is refused", async () => {
    await Promise.all([1, 2, 3].map(() => customerWithArrears(owner)));
    const { body } = await owner.get('/customers?limit=2').expect(200);
    const cursor = encodeURIComponent(body.nextCursor as string);
    await owner.get(`/customers?limit=2&cursor=${cursor}`).expect(200);
    await other.get(`/customers?limit=2&cursor=${cursor}`).expect(400);
  });

  async function databaseNow(): Promise<Date> {
    const { headers } = await owner.get('/me').expect(200);
    return new Date(headers['date'] as string);
  }
});

describe('the duplicate warning', () => {
  let system: TestSystem;
  beforeAll(async () => {
    system = await startTestSystem();
  }, 120_000);
  afterAll(() => system?.close());

  it('warns of a keyword that another holds, in both directions and scripts, and tells no more than that', async () => {
    const [one, two] = await Promise.all(['sales01', 'sales02'].map((name) => system.as(name)));
    if (!one || !two) throw new Error('no sessions');
    await one.post('/customers', { name: '中兴', keyword: '中兴', phone: '0755-1' }).expect(201);

    const full = { name: '深圳市中興通信股份有限公司', keyword: '中興通信' };
    const warned = await two.post('/customers', full).expect(409);
    expect(warned.headers['content-type']).toContain('application/problem+json');
    expect(warned.body.total).toBe(1);
    expect(warned.body.matches).toEqual([
      {
        name: '中兴',
        keyword: '中兴',
        ownerName: expect.any(String),
        statusName: '意向客户',
        reason: 'name-contains-keyword',
      },
    ]);
    await two.post('/customers', { ...full, acknowledgeDuplicates: true }).expect(201);

    const reverse = await one.post('/customers/duplicate-check', { name: '通信设备', keyword: '通信' }).expect(200);
    expect(reverse.body.matches).toEqual([expect.objectContaining({ name: full.name, reason: 'keyword-in-name' })]);
  });
});

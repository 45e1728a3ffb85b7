import type { Api } from '#testing/api';
import { eventually } from '#testing/eventually';
import { startTestSystem, type TestSystem } from '#testing/system';

const DAY = 86_400_000;
const zone = 'Asia/Shanghai';

describe('reminders, with three workers', () => {
  let system: TestSystem;
  let admin: Api;
  let owner: Api;
  let productId: string;
  let customerId: string;
  let today: string;

  const ahead = (days: number) => new Date(Date.parse(today) + days * DAY).toISOString().slice(0, 10);

  beforeAll(async () => {
    system = await startTestSystem({ replicas: { billing: 3 } });
    admin = await system.as('admin');
    owner = await system.as('sales01');
    const { headers } = await admin.get('/me').expect(200);
    today = new Intl.DateTimeFormat('sv-SE', { timeZone: zone }).format(new Date(headers['date'] as string));
    const product = { code: 'SW', name: '财务软件', unit: '套', guidePrice: '980.00', kind: 'goods' };
    productId = (await admin.post('/products', product).expect(201)).body.id as string;
    const customer = { name: '深圳市新美佳通信有限公司', keyword: '新美佳' };
    customerId = (await owner.post('/customers', customer).expect(201)).body.id as string;
  }, 120_000);
  afterAll(() => system?.close());

  async function buy(more: object): Promise<string> {
    const purchase = { productId, quantity: '1', soldOn: ahead(-300), dueOn: ahead(-270), ...more };
    const { body } = await owner.post(`/customers/${customerId}/purchases`, { purchases: [purchase] }).expect(201);
    return body.items[0].id as string;
  }
  const remindersOf = async (purchaseId: string) =>
    (await owner.all<{ purchaseId: string }>('/reminders')).filter((one) => one.purchaseId === purchaseId);
  const feeOf = async (purchaseId: string, query = '') =>
    (await owner.all<{ purchaseId: string }>(`/service-fees${query}`)).find((one) => one.purchaseId === purchaseId);

  it('open exactly once, however many sweep at the same moment', async () => {
    const service = { paid: '980.00', annualFee: '120.00', serviceEndsOn: ahead(20), remind: true };
    const due = await buy(service);
    const far = await buy({ ...service, serviceEndsOn: ahead(45) });
    const silent = await buy({ ...service, remind: false });
    await eventually(async () => expect(await feeOf(far, '?within=P90D')).toMatchObject({ state: 'upcoming' }));
    expect(await feeOf(due)).toMatchObject({
      customerName: '深圳市新美佳通信有限公司',
      annualFee: '120.00',
      daysLeft: 20,
      state: 'due',
    });
    expect(await feeOf(far)).toBeUndefined();
    expect(await feeOf(silent, '?within=P90D')).toBeUndefined();

    await Promise.all(
      Array.from({ length: 5 }, () =>
        admin.post('/reminder-sweeps', {}).expect(({ status }) => expect([200, 202]).toContain(status)),
      ),
    );
    await eventually(async () => {
      const { body } = await admin.post('/reminder-sweeps', {});
      expect(body).toMatchObject({ state: 'completed' });
      expect(await remindersOf(due)).toHaveLength(1);
    }, 30_000);
    expect(await remindersOf(due)).toEqual([
      expect.objectContaining({
        kind: 'service-fee',
        state: 'open',
        amount: '120.00',
        dueOn: ahead(20),
        periodStart: ahead(20),
      }),
    ]);
    expect(await remindersOf(far)).toEqual([]);
    expect(await remindersOf(silent)).toEqual([]);
    expect((await feeOf(due)) as { reminderId?: string }).toMatchObject({ reminderId: expect.any(String) as string });
  });

  it('are for the administrator to start, and never ahead of today', async () => {
    await owner.post('/reminder-sweeps', {}).expect(403);
    await admin.post('/reminder-sweeps', { asOf: ahead(1) }).expect(422);
  });

  it('of arrears settle by themselves when the money comes', async () => {
    const purchase = await buy({ paid: '500.00', dueOn: ahead(-1) });
    await eventually(async () => {
      await admin.post('/reminder-sweeps', {});
      expect(await remindersOf(purchase)).toEqual([
        expect.objectContaining({ kind: 'arrears', state: 'open', amount: '480.00' }),
      ]);
    }, 30_000);
    const finance = await system.as('finance');
    await finance
      .post(`/customers/${customerId}/purchases/${purchase}/payments`, { amount: '480.00', method: 'transfer' })
      .expect(201);
    await eventually(async () =>
      expect(await remindersOf(purchase)).toEqual([expect.objectContaining({ state: 'settled' })]),
    );
  });

  it('are seen by finance and by nobody whose customer it is not', async () => {
    expect((await (await system.as('finance')).all('/reminders')).length).toBeGreaterThan(0);
    expect(await (await system.as('sales02')).all('/reminders')).toEqual([]);
  });
});

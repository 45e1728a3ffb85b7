import * as access from '#contracts/access';
import * as customers from '#contracts/customers';
import { notFound, staleVersion } from '#contracts/errors';
import * as reminders from '#contracts/reminders';
import { createPurchases, recordPayment } from '#contracts/sales';
import { grantOf, id, someone, startGateway, type TestGateway } from './fake-platform.js';
import { addressOf, guarded, send } from './guarded-routes.js';

const salesperson = someone('salesperson');

let gateway: TestGateway;
let mine: string;
beforeEach(async () => {
  gateway = await startGateway();
  mine = await gateway.bearer(salesperson);
});
afterEach(() => gateway.app.close());

describe('the order of the checks', () => {
  it('is 401, 403 for the role, 404, 403 for the relation, 400, 428, and then the service [A4]', async () => {
    const customerId = id();
    const path = `/api/v1/customers/${customerId}`;
    const steps: unknown[] = [];
    const attempt = async (headers: Record<string, string>, body: object) => {
      const response = await gateway.http.patch(path).set(headers).send(body);
      steps.push([response.status, (response.body as { type?: string }).type?.split(':').at(-1)]);
    };
    const wrong = { colour: 'red' };
    const authorization = mine;
    gateway.bus.on(customers.updateCustomer, () => {
      throw staleVersion({ id: customerId, version: 4 });
    });

    await attempt({ 'if-match': 'W/"1"' }, wrong);
    await attempt({ authorization: await gateway.bearer(someone('finance')) }, wrong);
    await attempt({ authorization }, wrong);
    gateway.bus.on(access.resolveAccess, () => grantOf(customerId, 'finance'));
    await attempt({ authorization }, wrong);
    gateway.bus.on(access.resolveAccess, () => grantOf(customerId, 'delegate'));
    await attempt({ authorization }, wrong);
    await attempt({ authorization }, {});
    await attempt({ authorization, 'if-match': '3' }, {});
    expect(gateway.bus.passedOn).toEqual([]);
    await attempt({ authorization, 'if-match': '"3"' }, {});

    expect(steps).toEqual([
      [401, 'invalid-token'],
      [403, 'forbidden'],
      [404, 'not-found'],
      [403, 'relation-forbids'],
      [400, 'validation'],
      [428, 'precondition-required'],
      [400, 'if-match-malformed'],
      [412, 'stale-version'],
    ]);
  });

  it('asks for the grant on every route about a customer, and passes it on', async () => {
    const authorization = await gateway.bearer(someone('administrator'));
    for (const route of guarded.filter(({ relation, judgedInAnswer }) => relation && !judgedInAnswer)) {
      const before = await send(gateway, route.method, addressOf(route)).set({ authorization });
      expect([route.path, before.status]).toEqual([route.path, 404]);
    }
    expect(gateway.bus.passedOn).toEqual([]);

    const customerId = id();
    const grant = { ...grantOf(customerId, 'delegate'), delegationId: id() };
    gateway.bus.on(access.resolveAccess, () => grant);
    gateway.bus.on(createPurchases, () => ({ items: [] }));
    const purchases = [{ productId: id(), quantity: '1' }];
    const made = await gateway.http
      .post(`/api/v1/customers/${customerId}/purchases`)
      .set('authorization', mine)
      .send({ purchases });
    expect(made.status).toBe(201);
    expect(gateway.bus.passedOn).toMatchObject([
      { subject: createPurchases.subject, input: { customerId, purchases }, call: { grant, token: mine.slice(7) } },
    ]);
  });

  it('asks first whose a thing is that the route names, and then for the grant', async () => {
    const [customerId, reminderId] = [id(), id()];
    const path = `/api/v1/reminders/${reminderId}/acknowledge`;
    const acknowledge = () => gateway.http.post(path).set('authorization', mine).send({});
    gateway.bus.on(reminders.findCustomerOfReminder, () => {
      throw notFound();
    });
    const unknown = await acknowledge();
    gateway.bus.on(reminders.findCustomerOfReminder, () => ({ customerId }));
    const hidden = await acknowledge();
    expect([unknown.status, unknown.text]).toEqual([404, hidden.text]);
    expect(gateway.bus.asked).toContainEqual(
      expect.objectContaining({ subject: access.resolveAccess.subject, input: { customerId } }),
    );
    expect(gateway.bus.passedOn).toEqual([]);

    const grant = grantOf(customerId, 'delegate');
    gateway.bus.on(access.resolveAccess, () => grant);
    gateway.bus.on(reminders.acknowledgeReminder, () => ({ id: reminderId, version: 2 }));
    const done = await acknowledge();
    expect([done.status, done.headers['etag']]).toEqual([200, '"2"']);
    expect(gateway.bus.passedOn).toMatchObject([{ input: { reminderId }, call: { grant } }]);
  });

  it('leaves it to customers where nothing but their answer is asked for', async () => {
    gateway.bus.on(customers.getCustomer, () => {
      throw notFound();
    });
    const hidden = await gateway.http.get(`/api/v1/customers/${id()}`).set('authorization', mine);
    expect([hidden.status, hidden.body.type]).toEqual([404, 'urn:hongfuxing:problem:not-found']);
    expect(gateway.bus.asked.map(({ subject }) => subject)).not.toContain(access.resolveAccess.subject);
    expect(guarded.flatMap(({ judgedInAnswer, handler }) => (judgedInAnswer ? handler : []))).toEqual(['get']);
  });

  it('lets finance book money on a customer, and change nothing else of him [P5]', async () => {
    const customerId = id();
    const authorization = await gateway.bearer(someone('finance'));
    gateway.bus.on(access.resolveAccess, () => grantOf(customerId, 'finance'));
    gateway.bus.on(recordPayment, () => ({ id: id() }));
    const purchase = `/api/v1/customers/${customerId}/purchases/${id()}`;
    const paid = await gateway.http.post(`${purchase}/payments`).set({ authorization }).send({ amount: '5.00' });
    const voided = await gateway.http.post(`${purchase}/void`).set({ authorization }).send({ reason: 'x' });
    expect([paid.status, voided.status]).toEqual([201, 403]);
  });
});

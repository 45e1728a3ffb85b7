import { jetstream, jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { PermissionViolationError, RequestError, type NatsConnection } from '@nats-io/transport-node';
import { SERVICES, type ServiceName } from '#contracts/rpc';
import { CONSUMERS, assertMayConsume, permissionsFor } from '#messaging/permissions';
import { NatsRig } from './rig.js';

let nats: NatsRig;
const connections = {} as Record<ServiceName, NatsConnection>;
let managers: Record<'customers' | 'billing', JetStreamManager>;

beforeAll(async () => {
  nats = await NatsRig.start();
  for (const service of SERVICES) connections[service] = await nats.connect(service);
  managers = {
    customers: await jetstreamManager(connections.customers, { checkAPI: false, timeout: 1_000 }),
    billing: await jetstreamManager(connections.billing, { checkAPI: false, timeout: 1_000 }),
  };
});
afterAll(() => nats.stop());

/** Whether the server takes a subscription. */
async function mayHear(service: ServiceName, subject: string): Promise<boolean> {
  const nc = connections[service];
  let refused = false;
  const subscription = nc.subscribe(subject, { callback: (error) => void (refused ||= error !== null) });
  await nc.flush();
  if (!refused) subscription.unsubscribe();
  return !refused;
}

/** Whether the server takes a message: a request that is refused fails with that, any other with something else. */
async function maySay(service: ServiceName, subject: string): Promise<boolean> {
  const error: unknown = await connections[service]
    .request(subject, '', { timeout: 500 })
    .catch((fault: unknown) => fault);
  return !(error instanceof RequestError && error.cause instanceof PermissionViolationError);
}

it.each<[ServiceName, string]>([
  ['gateway', 'rpc.customers.customer.read'],
  ['gateway', 'svc.gateway.auth.session.check'],
  ['sales', 'svc.sales.customers.customer.read'],
  ['customers', 'evt.customers.customer.changed.v1'],
  ['billing', 'job.billing.sweep-shard'],
  ['customers', '$JS.API.STREAM.INFO.EVT_CUSTOMERS'],
  ['billing', '$JS.API.STREAM.INFO.EVT_CUSTOMERS'],
  ['billing', '$JS.API.CONSUMER.INFO.EVT_CUSTOMERS.billing-customers'],
])('%s may say %s', async (service, subject) => {
  expect(await maySay(service, subject)).toBe(true);
});

it.each<[ServiceName, string]>([
  ['sales', 'rpc.customers.customer.read'],
  ['billing', 'svc.sales.customers.customer.read'],
  ['sales', 'evt.customers.customer.changed.v1'],
  ['gateway', 'evt.customers.customer.changed.v1'],
  ['sales', 'job.billing.sweep-shard'],
  ['sales', '_INBOX_gateway.x'],
  ['customers', '$JS.API.STREAM.PURGE.EVT_CUSTOMERS'],
  ['customers', '$JS.API.STREAM.DELETE.EVT_CUSTOMERS'],
  ['customers', '$JS.API.STREAM.MSG.DELETE.EVT_CUSTOMERS'],
  ['sales', '$JS.API.STREAM.CREATE.EVT_CUSTOMERS'],
  ['sales', '$JS.API.STREAM.UPDATE.EVT_CUSTOMERS'],
  ['sales', '$JS.API.CONSUMER.CREATE.EVT_CUSTOMERS.billing-customers'],
  ['sales', '$JS.API.CONSUMER.MSG.NEXT.EVT_CUSTOMERS.billing-customers'],
  ['sales', '$JS.API.CONSUMER.DELETE.EVT_CUSTOMERS.billing-customers'],
  ['sales', '$JS.ACK.EVT_CUSTOMERS.billing-customers.1.1.1.1.0'],
  ['billing', '$JS.API.CONSUMER.CREATE.EVT_CUSTOMERS.another'],
  ['gateway', '$JS.API.CONSUMER.CREATE.EVT_CUSTOMERS.gateway'],
])('%s may not say %s', async (service, subject) => {
  expect(await maySay(service, subject)).toBe(false);
});

it.each<[ServiceName, string, boolean]>([
  ['gateway', 'evt.>', true],
  ['customers', 'rpc.customers.customer.read', true],
  ['customers', 'svc.*.customers.customer.read', true],
  ['customers', '_INBOX_customers.x', true],
  ['sales', 'evt.>', false],
  ['sales', 'evt.customers.>', false],
  ['sales', 'rpc.customers.customer.read', false],
  ['gateway', 'rpc.>', false],
  ['sales', 'svc.>', false],
  ['sales', '_INBOX_gateway.>', false],
  ['sales', '_INBOX.>', false],
  ['sales', '>', false],
])('%s, %s: may listen: %s', async (service, subject, allowed) => {
  expect(await mayHear(service, subject)).toBe(allowed);
});

it('lets a service answer what it was asked', async () => {
  const subscription = connections.customers.subscribe('rpc.customers.customer.read', {
    callback: (_, msg) => void msg.respond('here'),
  });
  await connections.customers.flush();
  const reply = await connections.gateway.request('rpc.customers.customer.read', '', { timeout: 2_000 });
  expect(reply.string()).toBe('here');
  subscription.unsubscribe();
});

it('keeps even the owner from emptying its stream', async () => {
  await jetstream(connections.customers).publish('evt.customers.customer.changed.v1', '{}');
  const { config } = await managers.customers.streams.info('EVT_CUSTOMERS');
  expect(config).toMatchObject({ deny_purge: true, deny_delete: true });
});

it('knows a consumer only under the name and on the stream that the table gives', () => {
  for (const service of SERVICES) for (const right of CONSUMERS[service]) assertMayConsume(service, right);
  expect(() => assertMayConsume('billing', { stream: 'EVT_SALES', name: 'billing-customers' })).toThrow('no right');
  expect(() => assertMayConsume('sales', { stream: 'EVT_SALES', name: 'sales-sales' })).toThrow('no right');
});

it('has no permission that ends in the middle of a word', () => {
  for (const service of SERVICES) {
    const { publish, subscribe } = permissionsFor(service);
    for (const subject of [...publish.allow, ...subscribe.allow])
      expect(subject).toMatch(/^([\w$-]+|\*)(\.([\w-]+|\*))*(\.>)?$/);
  }
});

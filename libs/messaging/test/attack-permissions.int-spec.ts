import { connect, type NatsConnection } from '@nats-io/transport-node';
import { SERVICES, type ServiceName } from '#contracts/rpc';
import type { RunningNats } from '#embedded/nats';
import { CONSUMERS, inboxPrefix } from '#messaging/permissions';
import { streamsOf } from '#messaging/streams';
import { startTestNats } from '#testing/nats';
import { everyStream, everySubject, intruder, refusedToHear, refusedToSay } from './attack.js';

const subjects = await everySubject();
const rights = SERVICES.flatMap((service) => CONSUMERS[service]);
const consumers = [...rights, ...everyStream.map((stream) => ({ stream, name: 'another' }))];

// `ANYTHING` stands for what a later server may know.
const STREAM_VERBS = [
  ...['CREATE', 'UPDATE', 'DELETE', 'PURGE', 'INFO', 'SNAPSHOT', 'RESTORE', 'MSG.GET', 'MSG.DELETE'],
  ...['PEER.REMOVE', 'LEADER.STEPDOWN', 'CANCEL_MOVE', 'ANYTHING'],
];
const CONSUMER_VERBS = [
  ...['CREATE', 'DURABLE.CREATE', 'DELETE', 'INFO', 'MSG.NEXT', 'PAUSE', 'RESET', 'UNPIN', 'LEADER.STEPDOWN'],
  'ANYTHING',
];
const ack = ({ stream, name }: { stream: string; name: string }) => [
  `$JS.ACK.${stream}.${name}.1.1.1.1.0`,
  `$JS.ACK._.hash.${stream}.${name}.1.1.1.1.0.token`,
];

const JETSTREAM = [
  ...['INFO', 'STREAM.NAMES', 'STREAM.LIST', 'STREAM.CREATE.OTHER', 'SERVER.REMOVE', 'ACCOUNT.PURGE.$G', 'ANYTHING'],
  ...everyStream.flatMap((stream) => [
    ...STREAM_VERBS.map((verb) => `STREAM.${verb}.${stream}`),
    ...[`CONSUMER.NAMES.${stream}`, `CONSUMER.LIST.${stream}`, `CONSUMER.CREATE.${stream}`],
    ...[`DIRECT.GET.${stream}`, `DIRECT.GET.${stream}.evt.customers.customer.changed.v1`],
  ]),
  ...consumers.flatMap(({ stream, name }) => [
    ...CONSUMER_VERBS.map((verb) => `CONSUMER.${verb}.${stream}.${name}`),
    `CONSUMER.CREATE.${stream}.${name}.evt.auth.user.changed.v1`,
  ]),
].map((call) => `$JS.API.${call}`);

const SAID = [
  ...subjects,
  ...SERVICES.map((service) => `${inboxPrefix(service)}.x`),
  ...[
    '_INBOX.x',
    '_R_.x',
    'rpc.nobody.thing.do',
    'svc.nobody.auth.key.list',
    'evt.nobody.thing.done.v1',
    'job.nobody.x',
  ],
  ...['evt', 'rpc', '$SYS.REQ.SERVER.PING', '$SYS.REQ.ACCOUNT.$G.CONNZ', '$KV.x.y', '$O.x.C.y', '$SRV.PING'],
  ...JETSTREAM,
  ...consumers.flatMap((consumer) => [...ack(consumer), `$JS.FC.${consumer.stream}.${consumer.name}.x`]),
];

/** What a service is there for, written down apart from the table that the server is set up with. */
function maySay(service: ServiceName, subject: string): boolean {
  const [kind, owner] = subject.split('.');
  if (kind === 'rpc') return service === 'gateway' && owner !== undefined;
  if (kind === 'svc' || kind === 'job') return owner === service;
  if (kind === 'evt') return owner === service && service !== 'gateway';
  if (subject === '$JS.API.INFO') return true;
  const own = CONSUMERS[service];
  const streams = [...streamsOf(service), ...own.map(({ stream }) => ({ name: stream }))];
  if (streams.some(({ name }) => subject === `$JS.API.STREAM.INFO.${name}`)) return true;
  return own.some(
    (consumer) =>
      ack(consumer).includes(subject) ||
      new RegExp(
        `^\\$JS\\.API\\.CONSUMER\\.(CREATE|INFO|DELETE|MSG\\.NEXT)\\.${consumer.stream}\\.${consumer.name}$|` +
          `^\\$JS\\.API\\.CONSUMER\\.CREATE\\.${consumer.stream}\\.${consumer.name}\\.`,
      ).test(subject),
  );
}

const HEARD = [
  ...new Set(subjects.map((subject) => subject.replace(/^svc\.\w+/, 'svc.*'))),
  ...SERVICES.flatMap((service) => [`rpc.${service}.>`, `svc.*.${service}.>`, `evt.${service}.>`, `job.${service}.>`]),
  ...SERVICES.flatMap((service) => [`${inboxPrefix(service)}.>`, `${inboxPrefix(service)}.*`]),
  ...['>', '*', '*.>', '*.*', '*.*.*.*', 'rpc.>', 'rpc.*.>', 'svc.>', 'svc.*.*.>', 'evt.>', 'evt.*.>', 'job.>'],
  ...[
    '_INBOX.>',
    '_R_.>',
    '$SYS.>',
    '$JS.>',
    '$JS.API.>',
    '$JS.ACK.>',
    '$JS.EVENT.>',
    '$JS.EVENT.ADVISORY.>',
    '$SRV.>',
  ],
  ...JETSTREAM,
];

function mayHear(service: ServiceName, subject: string): boolean {
  const [kind, second, third] = subject.split('.');
  if (kind === 'rpc') return second === service && service !== 'gateway';
  if (kind === 'svc') return third === service;
  if (kind === 'evt') return service === 'gateway';
  return kind === inboxPrefix(service);
}

let nats: RunningNats;
const intruders = {} as Record<ServiceName, NatsConnection>;
beforeAll(async () => {
  nats = await startTestNats();
  for (const service of SERVICES) intruders[service] = await intruder(nats, service);
});
afterAll(async () => {
  for (const nc of Object.values(intruders)) await nc.close();
  await nats?.stop();
});

it.each<[string, object]>([
  ['nobody', {}],
  ['a name alone', { user: 'gateway' }],
  ['a wrong password', { user: 'gateway', pass: 'wrong' }],
  ['an empty password', { user: 'gateway', pass: '' }],
  ['a user that there is none of', { user: 'root', pass: 'wrong' }],
  ['a token', { token: 'gateway' }],
])('%s is not let in', async (_who, credential) => {
  await expect(connect({ servers: nats.url, ...credential, reconnect: false })).rejects.toThrow(/authorization/i);
});

it("no service is let in with another's password", async () => {
  for (const service of SERVICES) {
    const { pass } = nats.credentials(service === 'auth' ? 'sales' : 'auth');
    const trying = connect({ servers: nats.url, user: service, pass, reconnect: false });
    await expect(trying).rejects.toThrow(/authorization/i);
  }
});

describe.each(SERVICES)("with %s's credential", (service) => {
  it('whatever is not its own is not said', async () => {
    const expected = SAID.filter((subject) => !maySay(service, subject));
    expect(expected.length).toBeGreaterThan(100);
    expect(sorted(await refusedToSay(intruders[service], SAID))).toEqual(sorted(expected));
  });

  it('what is refused reaches nobody', async () => {
    const witness = await connect({ servers: nats.url, ...nats.credentials('ops') });
    const heard = new Set<string>();
    const mark = `said by ${service}`;
    witness.subscribe('>', {
      callback: (_, message) => void (message.string() === mark && heard.add(message.subject)),
    });
    await witness.flush();
    // JetStream's own subjects do something when they are allowed, and are no news to anybody.
    const said = SAID.filter((subject) => !subject.startsWith('$JS.'));
    await refusedToSay(intruders[service], said, mark);
    await witness.flush();
    expect(sorted([...heard])).toEqual(sorted(said.filter((subject) => maySay(service, subject))));
    await witness.close();
  });

  it.each([['alone', undefined] as const, ["in a queue group of its owner's", 'customers'] as const])(
    'whatever is not its own is not heard, %s',
    async (_how, queue) => {
      const expected = HEARD.filter((subject) => !mayHear(service, subject));
      expect(expected.length).toBeGreaterThan(100);
      expect(sorted(await refusedToHear(intruders[service], HEARD, queue))).toEqual(sorted(expected));
    },
  );
});

it('all streams stand as they were made', async () => {
  const ops = await connect({ servers: nats.url, ...nats.credentials('ops') });
  for (const stream of everyStream) {
    const reply = await ops.request(`$JS.API.STREAM.INFO.${stream}`);
    expect(reply.json<{ error?: unknown }>().error).toBeUndefined();
  }
  await ops.close();
});

const sorted = (list: readonly string[]) => [...new Set(list)].sort();

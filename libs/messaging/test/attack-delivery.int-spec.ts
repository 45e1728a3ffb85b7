import {
  AckPolicy,
  jetstream,
  jetstreamManager,
  type ConsumerConfig,
  type JetStreamApiError,
  type JetStreamManager,
} from '@nats-io/jetstream';
import { connect, headers, type NatsConnection } from '@nats-io/transport-node';
import { HEADER } from '#contracts/context';
import { SERVICES, type Rpc, type ServiceName } from '#contracts/rpc';
import type { RunningNats } from '#embedded/nats';
import { Bus } from '#messaging/bus';
import { closeBus, connectBus } from '#messaging/connection';
import { CONSUMERS, eventStream, hasJobs, inboxPrefix, producerOf, publishesEvents } from '#messaging/permissions';
import { parseEvent } from '#messaging/projection';
import { BusServer } from '#messaging/server';
import { streamsOf } from '#messaging/streams';
import { everyContract, everySample } from '#testing/contracts';
import { eventually } from '#testing/eventually';
import { startTestNats } from '#testing/nats';
import { askedBySomebody, everyStream, everySubject, intruder } from './attack.js';

/*
 * NATS judges the subject that a client publishes on. Where the answer, the receipt or the delivery goes is the asker's
 * to say, and the server brings it there with rights of its own: so each service can have things delivered on subjects
 * that aren't its own. Here each does so, with every subject; and whatever is its own to choose would do harm: a valid
 * token, a forged grant, a valid request as the body.
 */
const { rpcs, events } = await everyContract();
const samples = everySample();
/** What the services listen to, literally. */
const EVERY_REQUEST = rpcs.map(({ subject }) => subject).sort();
/** The consumer of another, which has one event in hand and has not acknowledged it. */
const VICTIM = 'customers-users';
const TARGETS = [
  ...(await everySubject()),
  ...SERVICES.map((service) => `${inboxPrefix(service)}.x`),
  ...everyStream.flatMap((stream) =>
    ['DELETE', 'PURGE', 'MSG.DELETE'].map((verb) => `$JS.API.STREAM.${verb}.${stream}`),
  ),
  `$JS.API.CONSUMER.DELETE.EVT_AUTH.${VICTIM}`,
  `$JS.ACK.EVT_AUTH.${VICTIM}.1.1.1.1.0`,
];

/** Deliveries of a stream into the stream itself are refused with this code. */
const GOES_IN_CIRCLES = 10_081;

let nats: RunningNats;
let ops: JetStreamManager;
let witness: NatsConnection;
const servers: { server: BusServer; nc: NatsConnection }[] = [];
const intruders = {} as Record<ServiceName, NatsConnection>;
/** Subjects on which something arrived, and those of them that a service took for a request. */
const arrived = new Set<string>();
const handled: string[] = [];
/** Ids of the events that their own producers told. */
const told = new Set<string>();

/** The valid request on a subject, whoever asks; of what is no request, an empty one. */
function requestOf(subject: string): unknown {
  const rpc = rpcs.find((one) => one.subject === subject || askedBySomebody(one).includes(subject));
  return rpc ? (samples.get(rpc.subject) as { request: unknown }).request : {};
}
const answererOf = ({ subject }: Rpc) => subject.split('.')[subject.startsWith('svc.') ? 2 : 1];

/** Answers every contract of a service with `{}`, which JetStream would take for an order without a condition. */
async function serve(service: ServiceName) {
  const nc = await connectBus({ servers: nats.url, service, ...nats.credentials(service) });
  const actor = {
    userId: crypto.randomUUID(),
    username: 'x',
    role: 'administrator' as const,
    sessionId: crypto.randomUUID(),
  };
  const server = new BusServer({ nc, service, verifyToken: () => Promise.resolve(actor) });
  for (const rpc of rpcs.filter((one) => answererOf(one) === service)) {
    intruders[service].subscribe(rpc.subject, { callback: () => void arrived.add(rpc.subject) });
    server.addHandler(rpc.subject, (() => (handled.push(rpc.subject), Promise.resolve({}))) as never, false, { rpc });
  }
  await server.listen((error) => {
    if (error) throw error as Error;
  });
  servers.push({ server, nc });
}

function forged(id?: string) {
  const written = headers();
  written.set(HEADER.token, 'valid');
  written.set(
    HEADER.grant,
    JSON.stringify({ customerId: crypto.randomUUID(), ownerId: crypto.randomUUID(), via: 'admin' }),
  );
  if (id) written.set('Nats-Msg-Id', id);
  return written;
}

/** A message for each target into a stream: of a job, what would be a request there; of an event, the valid sample. */
async function fill(producer: ServiceName, kind: 'evt' | 'job') {
  const js = jetstream(intruders[producer]);
  const types = events.filter(({ subject }) => producerOf(subject) === producer);
  for (const [place, target] of TARGETS.entries()) {
    const id = crypto.randomUUID();
    const type = types[place % types.length]?.subject ?? '';
    const body = kind === 'evt' ? { ...(samples.get(type) as { event: object }).event, id } : requestOf(target);
    if (kind === 'evt') told.add(id);
    await js.publish(kind === 'evt' ? type : `job.${producer}.forged`, JSON.stringify(body), { headers: forged(id) });
  }
}

/** Each server answers in order: what was sent before has arrived then, and was answered or dropped. */
async function settled() {
  for (let round = 0; round < 2; round++) {
    for (const nc of [...Object.values(intruders), ...servers.map((one) => one.nc)]) await nc.flush();
  }
}

beforeAll(async () => {
  nats = await startTestNats();
  witness = await connect({ servers: nats.url, ...nats.credentials('ops') });
  ops = await jetstreamManager(witness);
  for (const service of SERVICES) {
    intruders[service] = await intruder(nats, service);
    await serve(service);
    if (publishesEvents(service)) await fill(service, 'evt');
    if (hasJobs(service)) await fill(service, 'job');
  }
  await ops.consumers.add('EVT_AUTH', { durable_name: VICTIM, ack_policy: AckPolicy.All });
  const next = { reply: `${inboxPrefix('customers')}.x` };
  intruders.customers.subscribe(next.reply);
  intruders.customers.publish(`$JS.API.CONSUMER.MSG.NEXT.EVT_AUTH.${VICTIM}`, '', next);
  await settled();
  arrived.clear();
}, 60_000);
afterAll(async () => {
  for (const nc of [witness, ...Object.values(intruders)]) await nc?.close();
  for (const { server, nc } of servers) {
    await server.close();
    await closeBus(nc);
  }
  await nats?.stop();
});

describe.each(SERVICES)('%s has delivered on every subject', (service) => {
  it('receipts of what it publishes, and answers of JetStream', async () => {
    const nc = intruders[service];
    for (const reply of TARGETS) {
      nc.publish('$JS.API.INFO', '', { reply });
      if (publishesEvents(service)) nc.publish(`evt.${service}.thing.done.v1`, '{}', { reply, headers: forged() });
    }
    await settled();
  });

  it('the answers to what it asks', async () => {
    for (const { subject } of rpcs) {
      const asked = subject.startsWith('rpc.')
        ? 'gateway'
        : subject.startsWith('svc.*.')
          ? service
          : subject.split('.')[1];
      if (asked !== service) continue;
      const request = requestOf(subject);
      const elsewhere = TARGETS.filter((target) => !target.startsWith(inboxPrefix(service)));
      const options = elsewhere.map((reply) => ({ reply, headers: forged() }));
      for (const one of [...options, { headers: forged() }]) {
        intruders[service].publish(subject.replace('*', service), JSON.stringify(request), one);
      }
    }
    await settled();
  });

  const consumers = CONSUMERS[service]
    .filter(({ name }) => name !== VICTIM)
    .map(({ stream, name }) => [stream, name] as const);
  if (consumers.length === 0) return;

  it.each(consumers)('the messages of %s, pulled as %s', async (stream, name) => {
    const nc = intruders[service];
    await withConsumer(service, stream, name, {}, async () => {
      const pull = `$JS.API.CONSUMER.MSG.NEXT.${stream}.${name}`;
      for (const reply of TARGETS) nc.publish(pull, JSON.stringify({ batch: 1, no_wait: true }), { reply });
      await settled();
      await eventually(() => expect([...arrived].sort()).toEqual(EVERY_REQUEST));
    });
  });

  it.each(consumers)('the messages of %s, pushed as %s', async (stream, name) => {
    for (const target of TARGETS) {
      await withConsumer(service, stream, name, { deliver_subject: target }, async () => {
        // Only to who listens to that very subject does the server push.
        if (EVERY_REQUEST.includes(target)) await eventually(() => expect(arrived).toContain(target), 10_000, 1);
      });
    }
  });
});

it('no service took any of it for a request', async () => {
  await settled();
  expect([...new Set(handled)]).toEqual([]);
  const actor = { requestId: 'x', token: 'valid' };
  const [some] = rpcs.filter(({ subject }) => subject.startsWith('rpc.'));
  await new Bus(servers[0]!.nc).requestRaw(some!, requestOf(some!.subject), actor);
  expect(handled).toEqual([some!.subject]);
});

it('no projection would take any of it for an event that its producer did not tell', async () => {
  const taken: string[] = [];
  for (const stream of everyStream.filter((one) => one.startsWith('EVT_'))) {
    for await (const { subject, string } of messagesOf(stream)) {
      const own = events.filter((type) => eventStream(producerOf(type.subject)) === stream);
      const parsed = parseEvent(own, subject, string());
      if (parsed && 'event' in parsed && !told.has(parsed.event.id)) taken.push(`${stream}: ${subject}`);
    }
  }
  expect(taken).toEqual([]);
});

it('every stream stands with all that was in it, and no one else has acknowledged for its reader', async () => {
  for (const { name } of SERVICES.flatMap((service) => streamsOf(service))) {
    const { state } = await ops.streams.info(name);
    expect([name, state.first_seq, state.num_deleted ?? 0]).toEqual([name, 1, 0]);
    expect(state.messages).toBeGreaterThanOrEqual(TARGETS.length);
  }
  expect(await ops.consumers.info('EVT_AUTH', VICTIM)).toMatchObject({
    ack_floor: { stream_seq: 0 },
    delivered: { stream_seq: 1 },
    num_ack_pending: 1,
  });
});

/** A consumer of the service's own, in as many shapes as its rights let it have. */
async function withConsumer(
  service: ServiceName,
  stream: string,
  name: string,
  shape: Partial<ConsumerConfig>,
  work: () => Promise<void>,
) {
  arrived.clear();
  const jsm = await jetstreamManager(intruders[service], { checkAPI: false });
  const config = { durable_name: name, ack_policy: AckPolicy.Explicit, max_ack_pending: -1, ...shape };
  // The server may still be clearing away the files of the one before, and trips over it.
  const goesInCircles = await eventually(() =>
    jsm.consumers.add(stream, config).then(
      () => false,
      (error: JetStreamApiError) => {
        if (error.code !== GOES_IN_CIRCLES) throw error;
        return true;
      },
    ),
  );
  if (goesInCircles) return expect(shape.deliver_subject).toContain(`.${stream.split('_')[1]?.toLowerCase()}.`);
  await work();
  await jsm.consumers.delete(stream, name);
}

async function* messagesOf(stream: string) {
  const { state } = await ops.streams.info(stream);
  for (let seq = state.first_seq; seq <= state.last_seq; seq++) {
    const message = await ops.streams.getMessage(stream, { seq });
    if (message) yield { subject: message.subject, string: () => message.string() };
  }
}

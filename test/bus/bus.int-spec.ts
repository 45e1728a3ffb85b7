import 'reflect-metadata';
import { generateKeyPairSync } from 'node:crypto';
import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { Logger } from '@nestjs/common';
import { HEADER } from '#contracts/context';
import { SERVICES, type Rpc, type ServiceName } from '#contracts/rpc';
import { DATABASE_SERVICES } from '#embedded/provision-sql';
import { inboxPrefix, producerOf } from '#messaging/permissions';
import { everyContract, everySample } from '#testing/contracts';
import { eventually } from '#testing/eventually';
import { actor, claimsOf } from '#testing/service';
import { signedBy } from '../auth/forgeries.js';
import { readers } from '../oracles/messages.js';
import { answererOf, askersOf, otherThan, type Asked } from './asking.js';
import { stateOf } from './effects.js';
import { malformed, oversized } from './malformed.js';
import { openStage, type Stage } from './stages.js';

// What goes wrong here goes wrong on purpose.
Logger.overrideLogger(false);

const { rpcs, events, jobs } = await everyContract();
const samples = everySample();
const requestOf = ({ subject }: Rpc) => (samples.get(subject) as { request: unknown }).request;
const json = (value: unknown) => JSON.stringify(value) ?? '';
/** What the server takes for one message, with room for what goes with it. */
const LARGE = oversized(2 * 1_024 * 1_024 - 16_384);
const admin = actor(crypto.randomUUID(), 'administrator', 'admin');

/** Whoever has got hold of a credential speaks to the real service past the gateway. */
describe.each(DATABASE_SERVICES)('%s under attack over the bus', (name) => {
  const own = rpcs.filter((rpc) => answererOf(rpc) === name);
  let stage: Stage;
  let jsm: JetStreamManager;
  const as = {} as Record<ServiceName | 'ops', NatsConnection>;
  let token: string;
  let before: Record<string, string>;

  beforeAll(async () => {
    stage = await openStage(name);
    const { nats } = stage;
    for (const user of [...SERVICES, 'ops'] as const) {
      const inbox = user === 'ops' ? {} : { inboxPrefix: inboxPrefix(user) };
      as[user] = await connect({ servers: nats.url, ...nats.credentials(user), ...inbox, reconnect: false });
    }
    jsm = await jetstreamManager(as.ops);
    token = await stage.sign(claimsOf(admin));
    // What is refused below is refused for what is wrong with it: this token is believed.
    const known = own.find(({ anonymous }) => !anonymous)!;
    const asked: Asked = { subject: known.subject, what: 'no JSON', body: '{', sent: { [HEADER.token]: token } };
    await eventually(async () => expect(await otherThan('invalid', as.gateway, [asked])).toEqual([]));
  }, 60_000);
  beforeEach(async () => {
    before = await stateOf(stage.db, jsm);
  });
  afterAll(async () => {
    for (const nc of Object.values(as)) await nc.close();
    await stage?.close();
  }, 60_000);

  const expectNoEffect = async () => expect(await stateOf(stage.db, jsm)).toEqual(before);

  /** Has every request be asked as given, by each who may ask it and with a good token, and be refused. */
  async function refused(
    kind: string,
    wrong: (rpc: Rpc) => Omit<Asked, 'subject'>[],
    { of = own, atOnce = 4 } = {},
  ): Promise<void> {
    for (const service of SERVICES) {
      const asked = of
        .filter((rpc) => askersOf(rpc).includes(service))
        .flatMap((rpc) =>
          wrong(rpc).map((one): Asked => {
            const sent = { [HEADER.token]: token, ...one.sent };
            return { ...one, sent, subject: rpc.subject.replace('svc.*', `svc.${service}`) };
          }),
        );
      expect(await otherThan(kind, as[service], asked, atOnce)).toEqual([]);
    }
    await expectNoEffect();
  }

  it('lets nobody act whom no token names, whatever else the request says of him', async () => {
    const stranger = signedBy(generateKeyPairSync('ed25519').privateKey);
    const tokens = {
      'no token': '',
      'an expired token': await stage.sign(claimsOf(admin, 3_600)),
      'a foreign token': stranger({ alg: 'EdDSA', kid: 'test' }, claimsOf(admin)),
      'a refresh token': await stage.sign({ ...claimsOf(admin), use: 'refresh' }),
    };
    const claimed = ['Hfx-Actor', 'Hfx-User', 'Hfx-Role', 'x-user-id', 'x-user', 'authorization'];
    const forged = Object.fromEntries(claimed.map((header) => [header, json(admin)]));
    const guarded = own.filter(({ anonymous }) => !anonymous);
    expect(guarded.length).toBeGreaterThan(10);
    const wrong = (rpc: Rpc) =>
      Object.entries(tokens).map(([what, sent]) => {
        return { what, body: json(requestOf(rpc)), sent: { ...forged, [HEADER.token]: sent } };
      });
    await refused('unauthenticated', wrong, { of: guarded });
  });

  it.each([
    ['a grant that is no JSON', { [HEADER.grant]: 'admin' }, 'invalid'],
    ['a grant that is none', { [HEADER.grant]: json({ via: 'admin' }) }, 'invalid'],
    ['a version that is no number', { [HEADER.ifMatch]: "1' OR '1'='1" }, 'invalid'],
    ['a deadline that is no time', { [HEADER.deadline]: 'tomorrow' }, 'invalid'],
    ['a deadline that has passed', { [HEADER.deadline]: '1' }, 'timeout'],
  ])('begins no request with %s', async (what, sent, kind) => {
    await refused(kind, (rpc) => [{ what, body: json(requestOf(rpc)), sent }]);
  });

  it('refuses every malformed request', async () => {
    await refused('invalid', (rpc) => malformed(rpc.input, requestOf(rpc)));
  }, 180_000);

  it('refuses a wrong request as large as a message may be', async () => {
    const wrong = (rpc: Rpc) => {
      const kinds = LARGE.filter(({ value }) => !rpc.input.safeParse(value).success);
      // One of the kinds for each request, and each kind for some.
      return kinds.length > 0 ? [kinds[own.indexOf(rpc) % kinds.length]!] : [];
    };
    // One at a time: what is tried is what one of them does, not how many there is room for.
    await refused('invalid', wrong, { atOnce: 1 });
  }, 180_000);

  it('puts aside an event that is none, and is moved by nothing of it', async () => {
    const wanted = (await readers()).filter(({ service }) => service === name);
    const types = events.filter(({ subject }) => wanted.some(({ subjects }) => subjects.includes(subject)));
    const told = types.flatMap(({ subject }) => {
      const { event } = samples.get(subject) as { event: object };
      const bad = [{ subject: 'evt.auth.user.unheard-of.v1' }, { id: 'none' }, { version: -1 }, { data: 0 }];
      const bodies = ['', 'oops', 'null', '{}', ...bad.map((part) => json({ ...event, ...part }))];
      return bodies.map((body) => ({ subject, body }));
    });
    for (const { subject, body } of told) as[producerOf(subject)].publish(subject, body);
    const aside = wanted.flatMap(({ consumer, subjects }) =>
      told.filter(({ subject }) => subjects.includes(subject)).map(({ subject }) => `${consumer} ${subject}`),
    );
    await eventually(async () => expect(await parked()).toEqual(aside.sort()), 60_000);
    const { parked: _, inbox_positions: __, ...rest } = await stateOf(stage.db, jsm);
    expect(rest).toEqual({ ...rest, ...tablesOf(before) });
  }, 120_000);

  it('still answers', async () => {
    for (const { subject } of jobs) as[producerOf(subject)].publish(subject, 'oops');
    const asked = own.map(({ subject }): Asked => ({
      subject,
      what: 'no JSON',
      body: '{',
      sent: { [HEADER.token]: token },
    }));
    const ofGateway = asked.filter(({ subject }) => subject.startsWith('rpc.'));
    expect(await otherThan('invalid', as.gateway, ofGateway)).toEqual([]);
  });

  async function parked(): Promise<string[]> {
    const sql = `SELECT consumer || ' ' || subject AS what FROM parked ORDER BY 1`;
    return (await stage.db.ownerDataSource.query<{ what: string }[]>(sql)).map(({ what }) => what).sort();
  }
});

/** Without the streams, which take whatever their producer says, and without what tells of that. */
const tablesOf = (state: Record<string, string>) =>
  Object.fromEntries(Object.entries(state).filter(([name]) => !/^(EVT|JOB)_|^parked$|^inbox_positions$/.test(name)));

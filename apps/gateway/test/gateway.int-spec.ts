import type { NatsConnection } from '@nats-io/transport-node';
import { Controller, Module, type INestMicroservice, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from 'jose';
import supertest from 'supertest';
import { resolveAccess } from '#contracts/access';
import { checkSession, listKeys, sessionsRevoked } from '#contracts/auth';
import type { Actor } from '#contracts/context';
import { updateCustomer } from '#contracts/customers';
import { notFound, staleVersion } from '#contracts/errors';
import type { EventEnvelope } from '#contracts/event';
import type { ServiceName } from '#contracts/rpc';
import { listStatuses } from '#contracts/statuses';
import { Call, Handles, Input } from '#messaging/handles';
import { closeBus, connectBus } from '#messaging/connection';
import { BusServer } from '#messaging/server';
import { eventually } from '#testing/eventually';
import { startTestNats } from '#testing/nats';
import { Clock } from '#platform/clock';
import { HealthServer } from '#platform/health';
import { TOKEN_AUDIENCE, TOKEN_ISSUER, TokenVerifier } from '#platform/tokens';
import { gatewayConfig } from '../src/config.js';
import { createHttp } from '../src/edge/http.js';
import { GatewayModule } from '../src/gateway.module.js';

const clock = new Clock('Asia/Shanghai');
const uuid = () => crypto.randomUUID();
const actor: Actor = { userId: uuid(), username: 'sales01', role: 'salesperson', sessionId: uuid() };
const [mine, others] = [uuid(), uuid()];

/** What the two services of this test know, and what they were asked. */
const world = { active: true, asked: [] as Call[], hold: Promise.resolve() };
let jwk: { x: string };

@Controller()
class Auth {
  @Handles(listKeys)
  keys() {
    return { keys: [jwk] };
  }

  @Handles(checkSession)
  check() {
    return { active: world.active };
  }
}

@Controller()
class Customers {
  @Handles(resolveAccess)
  resolve(@Input() { customerId }: { customerId: string }) {
    if (customerId !== mine) throw notFound();
    return { customerId, ownerId: actor.userId, via: 'owner' };
  }

  @Handles(updateCustomer)
  update(@Call() call: Call) {
    world.asked.push(call);
    throw staleVersion({ id: mine, version: 9 });
  }

  @Handles(listStatuses)
  async statuses() {
    await world.hold;
    return { items: [], nextCursor: null };
  }
}

let nats: Awaited<ReturnType<typeof startTestNats>>;
let privateKey: CryptoKey;
let authNc: NatsConnection;
const running: { app: INestMicroservice; nc: NatsConnection }[] = [];

async function serve(service: ServiceName, controller: Type): Promise<NatsConnection> {
  const { user, pass } = nats.credentials(service);
  const nc = await connectBus({ servers: nats.url, user, pass, service });
  const verifier = new TokenVerifier(async () => [jwk], clock);
  const strategy = new BusServer({
    nc,
    service,
    verifyToken: (token, begun) => verifier.verify(token, begun),
    checkReplies: true,
  });
  class Service {}
  Module({ controllers: [controller] })(Service);
  const app = await NestFactory.createMicroservice(Service, { strategy, logger: false });
  await app.listen();
  running.push({ app, nc });
  return nc;
}

/** Its stopwatch stands still: what it remembers of sessions, it remembers until it is told otherwise. */
async function startGateway(): Promise<NestFastifyApplication> {
  const { user, pass } = nats.credentials('gateway');
  const config = gatewayConfig.parse({
    SERVICE_NAME: 'gateway',
    NATS_URL: nats.url,
    NATS_USER: user,
    NATS_PASSWORD: pass,
    HEALTH_PORT: '0',
    HFX_LANGUAGE: 'en',
  });
  const app = await createHttp(
    GatewayModule.forRoot(config, undefined, () => 0),
    config,
    false,
  );
  await app.listen(0, '127.0.0.1');
  app.get(HealthServer).setStarted(true);
  return app;
}

const bearer = async () =>
  `Bearer ${await new SignJWT({ name: actor.username, role: actor.role, sid: actor.sessionId, use: 'access' })
    .setProtectedHeader({ alg: 'EdDSA', kid: 'test' })
    .setSubject(actor.userId)
    .setIssuer(TOKEN_ISSUER)
    .setAudience(TOKEN_AUDIENCE)
    .setIssuedAt()
    .setExpirationTime('5m')
    .sign(privateKey)}`;

let app: NestFastifyApplication;
let authorization: string;
beforeAll(async () => {
  nats = await startTestNats();
  const pair = await generateKeyPair('EdDSA', { extractable: true });
  privateKey = pair.privateKey;
  jwk = { ...(await exportJWK(pair.publicKey)), kid: 'test', alg: 'EdDSA' } as never;
  authorization = await bearer();
  app = await startGateway();
}, 60_000);
afterAll(async () => {
  await app?.close();
  for (const { app: service, nc } of running) {
    await service.close();
    await closeBus(nc);
  }
  await nats?.stop();
});

const statuses = () => supertest(app.getHttpServer()).get('/api/v1/customer-statuses').set({ authorization });

it('is not ready before auth is, and then lets nobody in, at once', async () => {
  const health = () => supertest(app.getHttpServer()).get('/health/ready');
  expect((await health()).status).toBe(503);
  const started = performance.now();
  expect((await statuses()).status).toBe(503);
  expect(performance.now() - started).toBeLessThan(5_000);

  authNc = await serve('auth', Auth);
  await serve('customers', Customers);
  expect((await health()).status).toBe(200);
  expect((await statuses()).status).toBe(200);
});

it('carries a request over the bus and its answer back', async () => {
  const patch = (id: string) =>
    supertest(app.getHttpServer())
      .patch(`/api/v1/customers/${id}`)
      .set({ authorization, 'if-match': '"8"', 'x-request-id': 'one', 'accept-language': 'zh-CN' })
      .send({ phone: '010' });
  const stale = await patch(mine);
  expect([stale.status, stale.body]).toEqual([
    412,
    {
      type: 'urn:hongfuxing:problem:stale-version',
      title: '数据已被他人修改，请刷新后再试',
      status: 412,
      current: { id: mine, version: 9 },
    },
  ]);
  expect(world.asked).toMatchObject([
    { actor, ifMatch: 8, requestId: 'one', language: 'zh-Hans', grant: { customerId: mine, via: 'owner' } },
  ]);
  expect((await patch(others)).status).toBe(404);
  expect(world.asked).toHaveLength(1);
});

it('refuses a session from the moment that auth says it has ended', async () => {
  expect((await statuses()).status).toBe(200);
  world.active = false;
  expect((await statuses()).status).toBe(200);
  tellRevoked();
  await eventually(async () => expect((await statuses()).status).toBe(401));

  world.active = true;
  tellRevoked();
  await eventually(async () => expect((await statuses()).status).toBe(200));
});

function tellRevoked() {
  const event: EventEnvelope = {
    id: uuid(),
    subject: sessionsRevoked.subject,
    aggregateId: actor.userId,
    version: 1,
    at: clock.now().toISOString(),
    by: null,
    data: { userId: actor.userId, sessionId: actor.sessionId },
  };
  authNc.publish(event.subject, JSON.stringify(event));
}

it('answers what is in hand before it stops', async () => {
  const leaving = await startGateway();
  let letGo = () => {};
  world.hold = new Promise((resolve) => (letGo = resolve));
  const server = leaving.getHttpServer();
  const slow = supertest(server).get('/api/v1/customer-statuses').set({ authorization });
  const answer = slow.then((response) => response.status);
  await eventually(async () => expect(await connections(server)).toBeGreaterThan(0));

  const stopped = leaving.close();
  await eventually(() => expect(server.listening).toBe(false));
  letGo();
  expect(await answer).toBe(200);
  await stopped;
});

const connections = (server: { getConnections(callback: (error: Error | null, count: number) => void): void }) =>
  new Promise<number>((resolve, reject) =>
    server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
  );

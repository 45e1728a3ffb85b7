import type { Msg } from '@nats-io/transport-node';
import { Module, type DynamicModule } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { exportJWK, generateKeyPair, SignJWT, type JWK } from 'jose';
import supertest from 'supertest';
import type { z } from 'zod';
import { resolveAccess, resolveScope } from '#contracts/access';
import { checkSession, listKeys } from '#contracts/auth';
import type { Actor, Grant, Role } from '#contracts/context';
import { AppError, notFound } from '#contracts/errors';
import type { EventType } from '#contracts/event';
import { checkSessions, findTurned } from '#contracts/live';
import type { Rpc } from '#contracts/rpc';
import { Bus, type OutgoingCall, type RawReply } from '#messaging/bus';
import { NATS } from '#messaging/messaging.module';
import { Clock } from '#platform/clock';
import { HealthServer } from '#platform/health';
import { Metrics } from '#platform/metrics';
import { TOKEN_AUDIENCE, TOKEN_ISSUER, TokenVerifier } from '#platform/tokens';
import { sourceThread } from '#testing/source-thread';
import { gatewayConfig, type GatewayConfig } from '../src/config.js';
import { CONTROLLERS } from '../src/controllers.js';
import { createHttp } from '../src/edge/http.js';
import { routeTable } from '../src/edge/route-table.js';
import { GatewayModule } from '../src/gateway.module.js';

export interface Asked {
  subject: string;
  input: unknown;
  call: OutgoingCall;
}
type Answers = (input: never, call: OutgoingCall) => unknown;

/** What is asked for the customer to whom a thing belongs. */
const WHOSE = routeTable(CONTROLLERS).flatMap(({ customerOf }) => customerOf ?? []);

/** Stands in for every service: what it is to answer is told by test, what it was asked is kept. */
export class FakeBus {
  readonly asked: Asked[] = [];
  private readonly answers = new Map<string, Answers>();

  on<I extends z.ZodType>(rpc: Pick<Rpc<I>, 'subject'>, answer: Answers): void {
    this.answers.set(rpc.subject, answer);
  }

  async request(rpc: Rpc, input: unknown, call: OutgoingCall = {}): Promise<unknown> {
    this.asked.push({ subject: rpc.subject, input, call: { ...call } });
    const answer = this.answers.get(rpc.subject);
    if (!answer) throw new AppError('unavailable', 'no-responders');
    return answer(input as never, call);
  }

  async requestRaw(rpc: Rpc, input: unknown, call: OutgoingCall = {}): Promise<RawReply> {
    const answer = await this.request(rpc, input, call);
    const version = (answer as { version?: number } | undefined)?.version;
    return { body: new TextEncoder().encode(JSON.stringify(answer)), version: version?.toString() };
  }

  /** What was asked of the services, without the questions of the checks themselves. */
  get passedOn(): Asked[] {
    const checks = [
      checkSession,
      checkSessions,
      findTurned,
      resolveAccess,
      resolveScope,
      listKeys.askedBy('gateway'),
      ...WHOSE,
    ];
    return this.asked.filter(({ subject }) => !checks.some((rpc) => rpc.subject === subject));
  }
}

export const id = (): string => crypto.randomUUID();
export const someone = (role: Role, more: Partial<Actor> = {}): Actor => ({
  userId: id(),
  username: role,
  role,
  sessionId: id(),
  ...more,
});

export interface TestGateway {
  app: NestFastifyApplication;
  /** A client of its HTTP server. */
  http: ReturnType<typeof supertest>;
  bus: FakeBus;
  /** What the stopwatch shows, ms. */
  time: { now: number };
  /** `Bearer …` of an actor. */
  bearer(actor: Actor, lifetime?: string): Promise<string>;
  /** Says an event as auth does. */
  tell<D extends z.ZodType>(event: EventType<D>, data: z.input<D>): void;
  config: GatewayConfig;
}

/** The gateway as it is, before services that a test makes up. Sessions are alive; customers are nobody's. */
export async function startGateway(environment: Record<string, string> = {}): Promise<TestGateway> {
  const config = gatewayConfig.parse({
    SERVICE_NAME: 'gateway',
    NATS_URL: 'nats://nowhere',
    HEALTH_PORT: '0',
    HFX_LANGUAGE: 'en',
    ...environment,
  });
  const { privateKey, publicKey } = await generateKeyPair('EdDSA', { extractable: true });
  const jwk: JWK = { ...(await exportJWK(publicKey)), kid: 'test', alg: 'EdDSA' };
  const clock = new Clock('Asia/Shanghai');
  const bus = new FakeBus();
  bus.on(checkSession, () => ({ active: true }));
  bus.on(checkSessions, ({ sessionIds }: z.output<typeof checkSessions.input>) => ({ active: sessionIds }));
  bus.on(findTurned, () => ({ asOf: clock.now().toISOString(), delegateIds: [] }));
  bus.on(resolveAccess, () => {
    throw notFound();
  });
  bus.on(resolveScope, () => ({ scope: { all: true, accessVersion: 0 } }));
  bus.on(listKeys.askedBy('gateway'), () => ({ keys: [jwk] }));
  for (const whose of WHOSE) bus.on(whose, () => ({ customerId: id() }));

  const heard = new Map<string, (error: Error | null, message: Msg) => void>();
  const nats = {
    subscribe: (subject: string, { callback }: { callback: (error: Error | null, message: Msg) => void }) =>
      void heard.set(subject, callback),
    async *status() {},
  };
  const time = { now: 0 };
  const app = await createHttp(
    GatewayModule.forRoot(
      config,
      fakePlatform(bus, nats, clock),
      () => time.now,
      () => sourceThread(new URL('../src/letters/letter.worker.ts', import.meta.url)),
    ),
    config,
    false,
  );
  await app.listen(0, '127.0.0.1');
  return {
    app,
    http: supertest(app.getHttpServer()),
    bus,
    time,
    config,
    bearer: async (actor, lifetime = '5m') =>
      `Bearer ${await new SignJWT({
        name: actor.username,
        role: actor.role,
        sid: actor.sessionId,
        mcp: actor.mustChangePassword,
        perm: actor.permissions,
        use: 'access',
      })
        .setProtectedHeader({ alg: 'EdDSA', kid: 'test' })
        .setSubject(actor.userId)
        .setIssuer(TOKEN_ISSUER)
        .setAudience(TOKEN_AUDIENCE)
        .setIssuedAt()
        .setExpirationTime(lifetime)
        .sign(privateKey)}`,
    tell(event, data) {
      const at = clock.now().toISOString();
      const envelope = { id: id(), subject: event.subject, aggregateId: id(), version: 1, at, by: null, data };
      const message = { json: () => envelope } as unknown as Msg;
      for (const subject of [event.subject, 'evt.>']) heard.get(subject)?.(null, message);
    },
  };
}

export const grantOf = (customerId: string, via: Grant['via'] = 'owner'): Grant => ({ customerId, ownerId: id(), via });

@Module({})
class FakePlatform {}

function fakePlatform(bus: FakeBus, nats: unknown, clock: Clock): DynamicModule {
  const metrics = new Metrics('gateway');
  const keys = async () => ((await bus.request(listKeys.askedBy('gateway'), {})) as { keys: JWK[] }).keys;
  const providers = [
    { provide: Bus, useValue: bus },
    { provide: NATS, useValue: nats },
    { provide: Clock, useValue: clock },
    { provide: Metrics, useValue: metrics },
    { provide: HealthServer, useValue: new HealthServer(metrics.registry) },
    { provide: TokenVerifier, useValue: new TokenVerifier(keys, clock) },
  ];
  return { module: FakePlatform, global: true, providers, exports: providers.map(({ provide }) => provide) };
}

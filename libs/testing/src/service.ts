import type { Msg, NatsConnection } from '@nats-io/transport-node';
import type { DynamicModule, INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { AsyncMicroserviceOptions } from '@nestjs/microservices';
import { exportJWK, generateKeyPair, SignJWT, type JWTPayload } from 'jose';
import type { z } from 'zod';
import { listKeys } from '#contracts/auth';
import type { Actor, Role } from '#contracts/context';
import { SERVICES, type Rpc, type ServiceName } from '#contracts/rpc';
import type { RunningNats } from '#embedded/nats';
import { Bus, type OutgoingCall } from '#messaging/bus';
import { wallClock } from '#messaging/clock';
import { closeBus, connectBus } from '#messaging/connection';
import { BusServer } from '#messaging/server';
import { TOKEN_AUDIENCE, TOKEN_ISSUER } from '#platform/tokens';
import type { BaseConfig } from '#platform/config';
import { startTestNats } from './nats.js';

export interface TestService {
  app: INestMicroservice;
  nats: RunningNats;
  /** Asks as the gateway would: with a token of the actor's. */
  ask<I extends z.ZodType, O extends z.ZodType>(
    rpc: Rpc<I, O>,
    input: z.input<I>,
    call?: TestCall,
  ): Promise<z.output<O>>;
  /** Signs whatever claims with the key that the stand-in for auth publishes. */
  sign: (claims: JWTPayload) => Promise<string>;
  close(): Promise<void>;
}

export type TestCall = Omit<OutgoingCall, 'token'> & { as?: Actor };

export const actor = (userId: string, role: Role = 'salesperson', username = 'someone'): Actor => ({
  userId,
  role,
  username,
  sessionId: crypto.randomUUID(),
});

/**
 * One service in this process over a NATS server of its own, with a stand-in for auth's keys and for whatever else
 * `answers` names: other services that it asks.
 */
export async function startTestService(
  service: ServiceName,
  moduleOf: (config: BaseConfig) => DynamicModule,
  answers: Answer[] = [],
): Promise<TestService> {
  const nats = await startTestNats();
  const as = (user: ServiceName) => connectBus({ servers: nats.url, ...nats.credentials(user), service: user });
  const { privateKey, publicKey } = await generateKeyPair('EdDSA', { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid: 'test', alg: 'EdDSA' };

  const others: NatsConnection[] = [];
  for (const other of SERVICES.filter((one) => one !== service && one !== 'gateway')) {
    const nc = await as(other);
    others.push(nc);
    for (const { rpc, answer } of [...answers, { rpc: listKeys, answer: () => ({ keys: [jwk] }) }]) {
      if (rpc.subject.split('.')[2] !== other) continue;
      const callback = (_error: Error | null, msg: Msg) =>
        void (async () => msg.respond(JSON.stringify(await answer(msg.json()))))();
      nc.subscribe(rpc.subject, { callback });
    }
    await nc.flush();
  }

  const { user, pass } = nats.credentials(service);
  const config: BaseConfig = {
    SERVICE_NAME: service,
    NATS_URL: nats.url,
    NATS_USER: user,
    NATS_PASSWORD: pass,
    NATS_REPLICAS: 1,
    HEALTH_PORT: 0,
    HEALTH_HOST: '127.0.0.1',
    LOG_LEVEL: 'warn',
    HFX_ORG_TIME_ZONE: 'Asia/Shanghai',
    HFX_SUPERVISED: false,
  };
  const app = await NestFactory.createMicroservice<AsyncMicroserviceOptions>(moduleOf(config), {
    logger: ['error', 'fatal'],
    abortOnError: false,
    inject: [BusServer],
    useFactory: (strategy: BusServer) => ({ strategy }),
  });
  await app.listen();

  const gateway = await as('gateway');
  const bus = new Bus(gateway);
  const sign = (claims: JWTPayload) =>
    new SignJWT(claims).setProtectedHeader({ alg: 'EdDSA', kid: 'test' }).sign(privateKey);

  return {
    app,
    nats,
    sign,
    async ask(rpc, input, { as: who, ...call } = {}) {
      return bus.request(rpc, input, { ...call, token: who && (await sign(claimsOf(who))) });
    },
    async close() {
      await app.close();
      await Promise.all([gateway, ...others].map((nc) => closeBus(nc)));
      await nats.stop();
    },
  };
}

/** What auth writes into an access token; given `age` seconds ago, of which it lasts 300. */
export function claimsOf({ userId, username, role, sessionId }: Actor, age = 0): JWTPayload {
  const iat = Math.floor(wallClock() / 1_000) - age;
  const who = { sub: userId, name: username, role, sid: sessionId };
  return { ...who, use: 'access', iss: TOKEN_ISSUER, aud: TOKEN_AUDIENCE, iat, exp: iat + 300 };
}

/** What a stand-in for another service says when it is asked. */
export interface Answer {
  rpc: Rpc;
  answer: (input: never) => unknown;
}

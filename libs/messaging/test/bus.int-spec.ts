import { headers, type NatsConnection } from '@nats-io/transport-node';
import { Controller, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { HEADER, type Actor } from '#contracts/context';
import { AppError, notFound } from '#contracts/errors';
import { anySvc, rpc, svc } from '#contracts/rpc';
import { Bus } from '#messaging/bus';
import { wallClock } from '#messaging/clock';
import { Call, Handles, Input, doerOf, type AnonymousCall } from '#messaging/handles';
import { BusServer, type BusServerOptions } from '#messaging/server';
import { eventually } from '#testing/eventually';
import { NatsRig } from './rig.js';

const Text = z.object({ text: z.string() });
const echo = rpc('customers.echo.say', { input: Text, output: Text.extend({ version: z.int(), by: z.string() }) });
const whoAmI = rpc('customers.echo.who', { input: z.undefined(), output: z.unknown() });
const fail = rpc('customers.echo.fail', { input: Text, output: Text, anonymous: true });
const slow = rpc('customers.echo.slow', { input: Text, output: Text, anonymous: true, timeout: 10_000 });
const huge = rpc('customers.echo.huge', { input: z.object({ bytes: z.int() }), output: Text, anonymous: true });
const liar = rpc('customers.echo.lie', { input: Text, output: Text, anonymous: true });
const nobody = rpc('customers.echo.nobody', { input: Text, output: Text });
const asked = svc('sales.customers.echo.ask', { input: Text, output: Text });
const askedByAny = anySvc('customers.echo.any', { input: Text, output: Text });

const alice: Actor = {
  userId: '01900000-0000-7000-8000-000000000001',
  username: 'alice',
  role: 'salesperson',
  sessionId: '01900000-0000-7000-8000-0000000000aa',
};

let begun: string[] = [];
let release: () => void = () => {};

@Controller()
class Echo {
  @Handles(echo)
  say(@Input() { text }: z.output<typeof Text>, @Call() call: Call) {
    return { text, version: 7, by: call.actor.username };
  }

  @Handles(whoAmI)
  who(@Input() _nothing: undefined, @Call() { subject, caller, ...call }: Call) {
    return { subject, caller, doer: doerOf(call), ifMatch: call.ifMatch, key: call.idempotencyKey, id: call.requestId };
  }

  @Handles(fail)
  fail(@Input() { text }: z.output<typeof Text>) {
    if (text === 'known') throw notFound();
    if (text === 'at length') throw new AppError('invalid', 'validation', { errors: ['x'.repeat(3_000_000)] });
    if (text === 'zod') return Text.parse({});
    throw new Error('SELECT secret FROM vault');
  }

  @Handles(slow)
  async slow(@Input() { text }: z.output<typeof Text>) {
    begun.push(text);
    await new Promise<void>((resolve) => (release = resolve));
    return { text };
  }

  @Handles(huge)
  huge(@Input() { bytes }: { bytes: number }) {
    return { text: 'x'.repeat(bytes) };
  }

  @Handles(liar)
  lie(@Input() { text }: z.output<typeof Text>) {
    return text === 'wrong' ? { text: 1 } : { text, passwordHash: 'x' };
  }

  @Handles(asked)
  ask(@Input() { text }: z.output<typeof Text>, @Call() { caller }: AnonymousCall) {
    return { text: `${caller} asks ${text}` };
  }

  @Handles(askedByAny)
  askAny(@Input() { text }: z.output<typeof Text>, @Call() { caller }: AnonymousCall) {
    return { text: `${caller} asks ${text}` };
  }
}

@Module({ controllers: [Echo] })
class EchoModule {}

let nats: NatsRig;
let gateway: NatsConnection;
let bus: Bus;

async function serve(nc: NatsConnection, options: Partial<BusServerOptions> = {}, module: Type = EchoModule) {
  const verifyToken = async (token: string) => {
    if (token !== 'good') throw new AppError('unauthenticated', 'invalid-token');
    return alice;
  };
  const strategy = new BusServer({ nc, service: 'customers', verifyToken, checkReplies: true, ...options });
  const app = await NestFactory.createMicroservice(module, { strategy, logger: false });
  await app.listen();
  return app;
}

beforeAll(async () => {
  nats = await NatsRig.start();
  gateway = await nats.connect('gateway');
  bus = new Bus(gateway);
});
afterAll(() => nats.stop());
beforeEach(() => {
  begun = [];
});

describe('a request', () => {
  let app: Awaited<ReturnType<typeof serve>>;
  beforeAll(async () => (app = await serve(await nats.connect('customers'))));
  afterAll(() => app.close());

  it('is answered, with the actor whom the service has verified itself', async () => {
    const answer = await bus.request(echo, { text: '中兴' }, { token: 'good' });
    expect(answer).toEqual({ text: '中兴', version: 7, by: 'alice' });
  });

  it('gives the answer as bytes too, and its version', async () => {
    const { body, version } = await bus.requestRaw(echo, { text: 'a' }, { token: 'good' });
    expect(new TextDecoder().decode(body)).toBe('{"text":"a","version":7,"by":"alice"}');
    expect(version).toBe('7');
  });

  it('carries what goes with it', async () => {
    const grant = {
      customerId: '01900000-0000-7000-8000-0000000000c1',
      ownerId: '01900000-0000-7000-8000-0000000000b1',
      via: 'delegate' as const,
      delegationId: '01900000-0000-7000-8000-0000000000d1',
    };
    const call = { token: 'good', grant, ifMatch: 3, idempotencyKey: 'k1', requestId: 'r1' };
    expect(await bus.request(whoAmI, undefined, call)).toEqual({
      subject: whoAmI.subject,
      caller: 'gateway',
      doer: { userId: alice.userId, forUserId: grant.ownerId, delegationId: grant.delegationId },
      ifMatch: 3,
      key: 'k1',
      id: 'r1',
    });
  });

  it.each([
    ['without a token', { token: undefined }, 'token-missing'],
    ['with a token that is not good', { token: 'bad' }, 'invalid-token'],
  ])('%s is refused', async (_, call, slug) => {
    await expect(bus.request(echo, { text: 'a' }, call)).rejects.toMatchObject({ kind: 'unauthenticated', slug });
  });

  it('with a wrong input is refused, each wrong field named', async () => {
    const wrong = bus.request(echo, { text: 1 } as never, { token: 'good' });
    await expect(wrong).rejects.toMatchObject({
      kind: 'invalid',
      slug: 'validation',
      details: { errors: [expect.objectContaining({ pointer: '/text' })] },
    });
  });

  it('that fails for a known reason brings that reason', async () => {
    await expect(bus.request(fail, { text: 'known' })).rejects.toMatchObject({ kind: 'not-found', slug: 'not-found' });
  });

  it('that fails for more reasons than a message holds brings the first word of them', async () => {
    await expect(bus.request(fail, { text: 'at length' })).rejects.toMatchObject({
      kind: 'invalid',
      slug: 'validation',
      details: {},
    });
  });

  it.each(['unknown', 'zod'])('that fails for an %s reason tells nothing of it', async (text) => {
    const reply = await gateway.request(fail.subject, JSON.stringify({ text }), { timeout: 2_000 });
    expect(reply.headers?.get(HEADER.error)).toBe('internal');
    expect(reply.json()).toEqual({ kind: 'internal', slug: 'internal', details: {} });
  });

  it('that nobody answers fails at once', async () => {
    const start = performance.now();
    await expect(bus.request(nobody, { text: 'a' })).rejects.toMatchObject({
      kind: 'unavailable',
      slug: 'no-responders',
    });
    expect(performance.now() - start).toBeLessThan(nobody.timeout / 2);
  });

  it('that takes too long ends at its deadline', async () => {
    const late = bus.request(slow, { text: 'late' }, { deadline: wallClock() + 200 });
    await expect(late).rejects.toMatchObject({ kind: 'timeout', slug: 'timed-out' });
    release();
  });

  it('whose deadline has passed is not begun', async () => {
    const sent = headers();
    sent.set(HEADER.deadline, String(wallClock() - 1));
    const reply = await gateway.request(slow.subject, '{"text":"too late"}', { timeout: 2_000, headers: sent });
    expect(reply.headers?.get(HEADER.error)).toBe('timeout');
    expect(begun).toEqual([]);
  });

  it('whose deadline is no time is refused, and not begun', async () => {
    const sent = headers();
    sent.set(HEADER.deadline, 'tomorrow');
    const reply = await gateway.request(slow.subject, '{"text":"whenever"}', { timeout: 2_000, headers: sent });
    expect(reply.headers?.get(HEADER.error)).toBe('invalid');
    expect(begun).toEqual([]);
  });

  it('that is too large, or whose answer is, says so and harms nobody', async () => {
    const limit = gateway.info?.max_payload ?? 0;
    await expect(bus.request(echo, { text: 'x'.repeat(limit) }, { token: 'good' })).rejects.toMatchObject({
      kind: 'too-large',
      slug: 'request-too-large',
    });
    await expect(bus.request(huge, { bytes: limit })).rejects.toMatchObject({
      kind: 'too-large',
      slug: 'reply-too-large',
    });
    await expect(bus.request(echo, { text: 'a' }, { token: 'good' })).resolves.toMatchObject({ text: 'a' });
  });

  it.each([
    ['doesn’t fit', 'wrong'],
    ['says more than its contract', 'more'],
  ])('whose answer %s is an error in tests', async (_, text) => {
    await expect(bus.request(liar, { text })).rejects.toMatchObject({ slug: 'reply-breaks-contract' });
  });

  it('from another service names that service, and carries no token', async () => {
    const sales = new Bus(await nats.connect('sales'));
    await expect(sales.request(asked, { text: 'a' })).resolves.toEqual({ text: 'sales asks a' });
    await expect(sales.request(askedByAny.askedBy('sales'), { text: 'b' })).resolves.toEqual({ text: 'sales asks b' });
  });
});

describe('a malformed answer', () => {
  it.each([
    ['not JSON', 'oops', undefined],
    ['not what the contract says', '{"text":1}', undefined],
    ['an error that is none', '{"what":1}', 'internal'],
  ])('(%s) is an error of that request alone', async (_, body, error) => {
    const customers = await nats.connect('customers');
    const reply = headers();
    if (error) reply.set(HEADER.error, error);
    customers.subscribe(nobody.subject, {
      max: 1,
      callback: (_fault, msg) => void msg.respond(body, { headers: reply }),
    });
    await customers.flush();
    await expect(bus.request(nobody, { text: 'a' })).rejects.toMatchObject({
      kind: 'internal',
      slug: 'malformed-reply',
    });
    await expect(bus.request(nobody, { text: 'a' })).rejects.toMatchObject({ slug: 'no-responders' });
    await customers.close();
  });
});

describe('a service', () => {
  it('does not start with a handler that has no contract', async () => {
    @Controller()
    class Bare {
      @MessagePattern('rpc.customers.bare.handler')
      handle() {}
    }
    @Module({ controllers: [Bare] })
    class BareModule {}
    await expect(serve(await nats.connect('customers'), {}, BareModule)).rejects.toThrow('has no contract');
  });

  it('does not start with a subject that it has no right to', async () => {
    const stranger = await nats.connect('sales');
    await expect(serve(stranger)).rejects.toThrow(/permissions violation/i);
  });

  it('judges a token as of when the work began', async () => {
    const judged: unknown[] = [];
    const verifyToken = (_token: string, begun?: number) => (judged.push(begun), Promise.resolve(alice));
    const app = await serve(await nats.connect('customers'), { verifyToken });
    await bus.request(echo, { text: 'a' }, { token: 'good', begun: 1_790_000_000_000 });
    await bus.request(echo, { text: 'b' }, { token: 'good' });
    expect(judged).toEqual([1_790_000_000_000, undefined]);
    await app.close();
  });

  it('finishes what it has in hand, and leaves new requests to its twin', async () => {
    const first = await serve(await nats.connect('customers'));
    const inHand = bus.request(slow, { text: 'in hand' });
    await eventually(() => expect(begun).toEqual(['in hand']));
    const finish = release;

    const second = await serve(await nats.connect('customers'));
    let closed = false;
    const closing = first.close().then(() => (closed = true));
    // The first takes nothing any more, so each of these reaches the second.
    await eventually(() => bus.request(echo, { text: 'meanwhile' }, { token: 'good' }));
    const meanwhile = Array.from({ length: 20 }, () => bus.request(echo, { text: 'a' }, { token: 'good' }));
    await expect(Promise.all(meanwhile)).resolves.toHaveLength(20);

    expect(closed).toBe(false);

    finish();
    await expect(inHand).resolves.toEqual({ text: 'in hand' });
    await closing;
    await second.close();
  });

  it('waits for a handler that hangs only so long', async () => {
    const app = await serve(await nats.connect('customers'), { drainMs: 100 });
    const hanging = bus.request(slow, { text: 'hangs' }, { deadline: wallClock() + 1_000 });
    hanging.catch(() => {});
    await eventually(() => expect(begun).toEqual(['hangs']));
    await app.close();
    await expect(hanging).rejects.toMatchObject({ kind: 'timeout' });
    release();
  });
});

describe('when NATS is killed', () => {
  it('a request waits for it to come back, and the service answers again', async () => {
    const app = await serve(await nats.connect('customers'));
    await nats.kill();
    const during = bus.request(echo, { text: 'during' }, { token: 'good', deadline: wallClock() + 4_000 });
    await expect(during).resolves.toMatchObject({ text: 'during' });
    await nats.back();
    await app.close();
  });

  it('a service that comes back later than the gateway is waited for', async () => {
    await nats.kill();
    await nats.back();
    let answered = false;
    const early = bus.request(echo, { text: 'early' }, { token: 'good' }).finally(() => (answered = true));
    const app = await serve(await nats.connect('customers'));
    expect(answered).toBe(false);
    await expect(early).resolves.toMatchObject({ text: 'early' });
    await app.close();
  });

  it('a request for which it does not come back in time says that the bus is down', async () => {
    await nats.kill();
    await expect(bus.request(echo, { text: 'a' }, { deadline: wallClock() + 20 })).rejects.toMatchObject({
      kind: 'unavailable',
      slug: 'bus-down',
    });
    await nats.back();
  });
});

import { checkSession } from '#contracts/auth';
import type { Actor } from '#contracts/context';
import { AppError } from '#contracts/errors';
import type { Bus } from '#messaging/bus';
import { Sessions } from './sessions.js';

const actor = (userId: string = crypto.randomUUID()): Actor => ({
  userId,
  username: 'x',
  role: 'salesperson',
  sessionId: crypto.randomUUID(),
});

/** Auth, whose answers wait until they are let go. */
function setUp() {
  const time = { now: 0 };
  const asked: string[] = [];
  const auth = { active: true, away: false, wait: Promise.resolve() };
  const request = async (rpc: unknown, { sessionId }: { sessionId: string }) => {
    expect(rpc).toBe(checkSession);
    asked.push(sessionId);
    const { active, away, wait } = { ...auth };
    await wait;
    if (away) throw new AppError('timeout', 'timed-out');
    return { active };
  };
  const sessions = new Sessions({ request } as unknown as Bus, () => time.now);
  return { sessions, time, asked, auth, check: (who: Actor) => sessions.check(who, Infinity) };
}

it('asks auth once a second for each session', async () => {
  const { time, asked, auth, check } = setUp();
  const [one, other] = [actor(), actor()];
  await check(one);
  await check(other);
  time.now = 999;
  await check(one);
  expect(asked).toEqual([one.sessionId, other.sessionId]);

  auth.active = false;
  time.now = 1_000;
  await expect(check(one)).rejects.toThrow('unauthenticated/session-ended');
  expect(asked).toHaveLength(3);
});

it('asks once for requests that come together', async () => {
  const { asked, check } = setUp();
  const one = actor();
  await Promise.all([check(one), check(one), check(one)]);
  expect(asked).toHaveLength(1);
});

it('counts the second from the question', async () => {
  const { time, asked, auth, check } = setUp();
  const one = actor();
  let answer = () => {};
  auth.wait = new Promise((resolve) => (answer = resolve));
  const first = check(one);
  time.now = 800;
  answer();
  await first;
  time.now = 1_000;
  await check(one);
  expect(asked).toHaveLength(2);
});

it('forgets a session at once when it ends, or all of a user', async () => {
  const { sessions, asked, auth, check } = setUp();
  const one = actor();
  const another = actor(one.userId);
  const stranger = actor();
  await Promise.all([check(one), check(another), check(stranger)]);
  auth.active = false;

  sessions.drop(one.userId, one.sessionId);
  await expect(check(one)).rejects.toThrow('session-ended');
  await check(another);

  sessions.drop(one.userId);
  await expect(check(another)).rejects.toThrow('session-ended');
  await check(stranger);
  expect(asked).toHaveLength(5);
});

it('does not take an answer that was asked for before the session ended', async () => {
  const { sessions, asked, auth, check } = setUp();
  const one = actor();
  let answer = () => {};
  auth.wait = new Promise((resolve) => (answer = resolve));
  const before = check(one);
  sessions.drop(one.userId);
  auth.active = false;
  const after = check(one);
  answer();
  await before;
  await expect(after).rejects.toThrow('session-ended');
  expect(asked).toHaveLength(2);
});

it('lets nobody in while auth does not answer, and asks again for the next request', async () => {
  const { auth, check } = setUp();
  const one = actor();
  auth.away = true;
  await expect(check(one)).rejects.toThrow('unavailable/sessions-unavailable');
  auth.away = false;
  await check(one);
});

import { decodeJwt, decodeProtectedHeader } from 'jose';
import * as auth from '#contracts/auth';
import { meetingAt, PASSWORD, sales, sessionIdOf, startAuth, type AuthService, type Session } from './auth-service.js';

let service: AuthService;
let n = 0;
/** A salesperson of his own for each test. */
const someone = async () => {
  const username = `someone${++n}`;
  await service.create([sales(username)]);
  return username;
};
const sorted = (outcomes: PromiseSettledResult<Session>[]) => ({
  sessions: outcomes.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])),
  slugs: outcomes.flatMap((one) => (one.status === 'rejected' ? [(one.reason as { slug: string }).slug] : [])),
});
const liveTokens = (session: Session) =>
  service.db.dataSource.query<unknown[]>(
    `SELECT t.generation FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id AND s.generation = t.generation
     WHERE s.id = $1 AND s.ended_at IS NULL`,
    [sessionIdOf(session)],
  );

beforeAll(async () => {
  service = await startAuth();
});
afterAll(() => service.close());

describe('signing in', () => {
  it('gives a token that says who asks, and a session that lives [P10]', async () => {
    const username = await someone();
    const session = await service.signIn(` ${username.toUpperCase()} `);
    expect(session).toMatchObject({ expiresIn: 300, user: { username, role: 'salesperson', active: true } });
    const claims = decodeJwt(session.accessToken);
    expect(claims).toMatchObject({ sub: session.user.id, name: username, role: 'salesperson', use: 'access' });
    expect(claims).not.toHaveProperty('mcp');
    expect(claims.exp! - claims.iat!).toBe(300);
    expect(decodeProtectedHeader(session.accessToken)).toMatchObject({
      alg: 'EdDSA',
      kid: expect.any(String) as string,
    });
    expect(await service.isAlive(session)).toBe(true);
    expect(await service.ask(auth.getMe, {}, session)).toEqual(session.user);
  });

  it('keeps no refresh token as it is', async () => {
    const session = await service.signIn(await someone());
    const tables = ['sessions', 'refresh_tokens', 'outbox'];
    for (const table of tables) {
      const rows = await service.db.dataSource.query<{ row: string }[]>(`SELECT t::text AS row FROM ${table} t`);
      const hex = Buffer.from(session.refreshToken).toString('hex');
      const bits = Buffer.from(session.refreshToken, 'base64url').toString('hex');
      for (const { row } of rows) for (const form of [session.refreshToken, hex, bits]) expect(row).not.toContain(form);
    }
  });

  it.each([
    ['a wrong password', async () => [await someone(), 'not-the-password'] as const],
    ['an unknown name', async () => ['nobody', PASSWORD] as const],
    ['a name that none could have', async () => ['no\u0000body', PASSWORD] as const],
    [
      'a disabled user',
      async () => {
        const username = await someone();
        const { user } = await service.signIn(username);
        const admin = await service.signIn('admin', 'admin-password');
        await service.ask(auth.disableUser, { userId: user.id }, admin);
        return [username, PASSWORD] as const;
      },
    ],
  ])('with %s is refused in the same words', async (_what, credentials) => {
    const [username, password] = await credentials();
    const refused = await service.signIn(username, password).catch((error: unknown) => error);
    expect(refused).toMatchObject({ kind: 'unauthenticated', slug: 'bad-credentials', details: {} });
  });
});

describe('a refresh token', () => {
  it('is rotated at each use, on and on', async () => {
    let session = await service.signIn(await someone());
    const seen = new Set([session.refreshToken]);
    for (let i = 0; i < 4; i++) {
      const next = await service.refresh(session.refreshToken);
      expect(sessionIdOf(next)).toBe(sessionIdOf(session));
      seen.add(next.refreshToken);
      session = next;
    }
    expect(seen.size).toBe(5);
  });

  it('used by many at once leaves one live child, and all of them hold it [P11]', async () => {
    const session = await service.signIn(await someone());
    const held = await meetingAt(
      service.db,
      [`SELECT FROM sessions WHERE id = $1 FOR UPDATE`, sessionIdOf(session)],
      Array.from({ length: 6 }, () => () => service.refresh(session.refreshToken)),
    );
    const { sessions, slugs } = sorted(held);
    expect(slugs).toEqual([]);
    expect(new Set(sessions.map(({ refreshToken }) => refreshToken)).size).toBe(1);
    expect(await liveTokens(session)).toEqual([{ generation: 2 }]);
    await service.refresh(sessions[0]!.refreshToken);
    expect(await liveTokens(session)).toEqual([{ generation: 3 }]);
  });

  it('is answered with the same child when the answer was lost, but only for a moment', async () => {
    const session = await service.signIn(await someone());
    const lost = await service.refresh(session.refreshToken);
    service.clock.advance(4);
    const again = await service.refresh(session.refreshToken);
    expect(again.refreshToken).toBe(lost.refreshToken);
    service.clock.advance(4);
    await expect(service.refresh(session.refreshToken)).rejects.toMatchObject({ slug: 'session-ended' });
    await expect(service.refresh(again.refreshToken)).rejects.toMatchObject({ slug: 'session-ended' });
    expect(await service.isAlive(session)).toBe(false);
  });

  it('used a second time ends the session for both, and tells it once [P11]', async () => {
    const session = await service.signIn(await someone());
    const child = await service.refresh(session.refreshToken);
    const grandchild = await service.refresh(child.refreshToken);
    const again = await Promise.allSettled([1, 2, 3].map(() => service.refresh(session.refreshToken)));
    expect(sorted(again)).toEqual({ sessions: [], slugs: Array(3).fill('session-ended') });
    await expect(service.refresh(grandchild.refreshToken)).rejects.toMatchObject({ slug: 'session-ended' });
    expect(await service.isAlive(grandchild)).toBe(false);
    const userId = session.user.id;
    const sessionId = sessionIdOf(session);
    expect(await service.events(sessionId)).toEqual([
      { subject: auth.sessionsRevoked.subject, version: 1, by: null, data: { userId, sessionId } },
    ]);
  });

  it('of a reused family does no harm to the other sessions of the user', async () => {
    const username = await someone();
    const other = await service.signIn(username);
    const session = await service.signIn(username);
    await service.refresh((await service.refresh(session.refreshToken)).refreshToken);
    await expect(service.refresh(session.refreshToken)).rejects.toMatchObject({ slug: 'session-ended' });
    expect(await service.isAlive(other)).toBe(true);
    await service.refresh(other.refreshToken);
  });

  it('that was never given is refused', async () => {
    for (const token of ['x', 'A'.repeat(43), '\u0000']) {
      await expect(service.refresh(token)).rejects.toMatchObject({
        kind: 'unauthenticated',
        slug: 'invalid-refresh-token',
      });
    }
  });
});

describe('a session', () => {
  it('ends by signing out, alone', async () => {
    const username = await someone();
    const [here, there] = [await service.signIn(username), await service.signIn(username)];
    await service.ask(auth.logout, {}, here);
    expect([await service.isAlive(here), await service.isAlive(there)]).toEqual([false, true]);
    await expect(service.refresh(here.refreshToken)).rejects.toMatchObject({ slug: 'session-ended' });
    const { id: userId } = here.user;
    expect(await service.events(sessionIdOf(here))).toEqual([
      {
        subject: auth.sessionsRevoked.subject,
        version: 1,
        by: { userId },
        data: { userId, sessionId: sessionIdOf(here) },
      },
    ]);
    // Once more changes nothing, and tells nothing.
    await service.ask(auth.logout, {}, here);
    expect(await service.events(sessionIdOf(here))).toHaveLength(1);
  });

  it('ends with all others by signing out everywhere, each time under a newer version [P12]', async () => {
    const username = await someone();
    const [here, there] = [await service.signIn(username), await service.signIn(username)];
    await service.ask(auth.logoutAll, {}, here);
    expect([await service.isAlive(here), await service.isAlive(there)]).toEqual([false, false]);
    await service.ask(auth.logoutAll, {}, await service.signIn(username));
    const revoked = (await service.events(here.user.id)).filter(
      ({ subject }) => subject === auth.sessionsRevoked.subject,
    );
    expect(revoked.map(({ version, data }) => ({ version, data }))).toEqual(
      [1, 2].map((version) => ({ version, data: { userId: here.user.id, sessionId: null } })),
    );
  });

  it('of an unknown id is not alive', async () => {
    expect(await service.ask(auth.checkSession, { sessionId: crypto.randomUUID() })).toEqual({ active: false });
  });

  it('ends after a week without use, and after a month with it', async () => {
    const day = 86_400;
    const username = await someone();
    const idle = await service.signIn(username);
    let busy = await service.signIn(username);
    for (let d = 0; d < 28; d += 4) {
      service.clock.advance(4 * day);
      busy = await service.refresh(busy.refreshToken);
      expect(await service.isAlive(idle)).toBe(d === 0);
    }
    await expect(service.refresh(idle.refreshToken)).rejects.toMatchObject({ slug: 'session-ended' });
    service.clock.advance(2 * day);
    expect(await service.isAlive(busy)).toBe(false);
    await expect(service.refresh(busy.refreshToken)).rejects.toMatchObject({ slug: 'session-ended' });
  });
});

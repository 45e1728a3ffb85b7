import { decodeJwt } from 'jose';
import { eventually } from '#testing/eventually';
import { randomFrom, scale } from '#testing/scale';
import { sessionOf, type Rig, type SignedIn } from './rig.js';

/** "Never later than one second", and what a busy machine adds. */
const AT_ONCE = 5_000;

export function sessions(rig: () => Rig): void {
  let people = 0;
  const someone = () => rig().newcomer(`someone${++people}`);
  const statuses = (session: SignedIn, path = '/me') =>
    Promise.all(([0, 1] as const).map(async (gateway) => (await rig().as(session, path, { gateway })).status));

  /** Neither gateway lets the access token in, now and later, and the refresh token gives nothing from now on. */
  async function expectOver(session: SignedIn) {
    expect((await rig().refresh(session.refreshToken, { gateway: 1 })).status).toBe(401);
    await eventually(async () => expect(await statuses(session)).toEqual([401, 401]), AT_ONCE);
    for (let n = 0; n < 3; n++) expect(await statuses(session)).toEqual([401, 401]);
  }
  async function expectGoesOn(session: SignedIn) {
    expect(await statuses(session)).toEqual([200, 200]);
    expect((await rig().refresh(session.refreshToken)).status).toBe(200);
  }

  it('have one line of refresh tokens, however many ask at once and wherever', async () => {
    const random = randomFrom(7);
    let session = await rig().signIn('sales01');
    const line = [session];
    for (let round = 0; round < scale(15, 250); round++) {
      const n = 2 + Math.floor(random() * 7);
      const token = session.refreshToken;
      const answers = await Promise.all(
        Array.from({ length: n }, (_, i) => rig().refresh(token, { gateway: i % 2 ? 1 : 0 })),
      );
      const children = answers.map((answer) => sessionOf(answer));
      expect(new Set(children.map(({ refreshToken }) => refreshToken)).size).toBe(1);
      session = children[0] as SignedIn;
      line.push(session);
    }
    expect(new Set(line.map(({ accessToken }) => decodeJwt(accessToken)['sid'])).size).toBe(1);

    expect((await rig().refresh(line[0]?.refreshToken ?? '')).status).toBe(401);
    for (const one of line.slice(-5)) await expectOver(one);
  });

  const ends: [
    what: string,
    act: (user: { id: string; password: string }, by: SignedIn) => Promise<number>,
    own: 200 | 401,
  ][] = [
    [
      'signing out everywhere',
      async (_user, by) => (await rig().as(by, '/auth/logout-all', { method: 'POST' })).status,
      401,
    ],
    [
      'signing out here alone',
      async (_user, by) => (await rig().as(by, '/auth/logout', { method: 'POST' })).status,
      401,
    ],
    [
      'a change of the password',
      async ({ password }, by) => {
        const body = { currentPassword: password, newPassword: 'second-password' };
        return (await rig().as(by, '/me/password', { method: 'POST', body })).status;
      },
      200,
    ],
    ['disabling the user', ({ id }) => manage(`/users/${id}/disable`), 401],
    ['a reset of the password', ({ id }) => manage(`/users/${id}/reset-password`), 401],
    ['another role', ({ id }) => manage(`/users/${id}`, { role: 'finance' }), 401],
  ];
  async function manage(path: string, body?: object): Promise<number> {
    const admin = await rig().signIn('admin');
    const headers = { 'if-match': '*' };
    return (await rig().as(admin, path, { method: body ? 'PATCH' : 'POST', body, headers })).status;
  }

  it.each(ends)('end by %s', async (what, act, own) => {
    const user = await someone();
    const [here, there] = [
      await rig().signIn(user.username, user.password),
      await rig().signIn(user.username, user.password, { gateway: 1 }),
    ];
    // Both gateways have seen both sessions alive, and remember it.
    for (const session of [here, there]) expect(await statuses(session)).toEqual([200, 200]);
    expect([200, 204]).toContain(await act(user, here));
    if (what === 'signing out here alone') await expectGoesOn(there);
    else await expectOver(there);
    if (own === 401) await expectOver(here);
    else await expectGoesOn(here);
  });

  it('of a first password open its change and nothing else, until it is changed', async () => {
    const admin = await rig().signIn('admin');
    const body = { username: 'fresh', displayName: 'fresh', role: 'administrator' };
    const created = await rig().as(admin, '/users', { method: 'POST', body });
    const { initialPassword } = JSON.parse(created.text) as { initialPassword: string };
    const [here, there] = [await rig().signIn('fresh', initialPassword), await rig().signIn('fresh', initialPassword)];
    const closed = ['/users', '/customers', '/arrears', '/users/directory'];
    for (const path of closed) expect(await statuses(here, path)).toEqual([403, 403]);
    // Nor does a refresh get around it.
    const refreshed = sessionOf(await rig().refresh(here.refreshToken));
    for (const path of closed) expect(await statuses(refreshed, path)).toEqual([403, 403]);

    const change = { currentPassword: initialPassword, newPassword: 'chosen-by-oneself' };
    const changed = await rig().as(refreshed, '/me/password', { method: 'POST', body: change });
    expect(changed.status).toBe(204);
    await expectOver(there);
    const free = sessionOf(await rig().refresh(refreshed.refreshToken));
    for (const path of closed) expect(await statuses(free, path)).toEqual([200, 200]);
    expect((await rig().login('fresh', initialPassword)).status).toBe(401);
  });
}

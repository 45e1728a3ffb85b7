import { decodeJwt } from 'jose';
import type { Call, Rig } from './rig.js';
import { cookiesOf } from './wire.js';

const OURS = { 'x-requested-with': 'hfx', 'sec-fetch-site': 'same-origin' };
const userOf = (text: string) => (JSON.parse(text) as { user: { username: string } }).user.username;

/** What a browser keeps, and what another site, or a planted cookie, may make of it. */
export function cookies(rig: () => Rig): void {
  const signIn = (username: string, call: Call = {}) =>
    rig().call('/auth/login', { method: 'POST', body: { username, password: rig().passwordOf(username) }, ...call });
  const refresh = (token: string, headers: Call['headers'] = OURS, call: Call = {}) =>
    rig().call('/auth/refresh', {
      method: 'POST',
      headers: { ...headers, cookie: `hfx_refresh=${token}` },
      ...call,
    });
  const tokenIn = (answer: Parameters<typeof cookiesOf>[0]) => cookiesOf(answer)['hfx_refresh']?.value ?? '';

  it('are for signing in alone, of this site alone, and out of reach of scripts', async () => {
    const attributes = (maxAge: number) => ['httponly', `max-age=${maxAge}`, 'path=/api/v1/auth', 'samesite=strict'];
    const answer = await signIn('sales01');
    const set = cookiesOf(answer);
    expect(Object.keys(set).toSorted()).toEqual(['hfx_device', 'hfx_refresh']);
    expect(set['hfx_refresh']?.attributes).toEqual(attributes(30 * 86_400));
    expect(set['hfx_device']?.attributes).toEqual(attributes(90 * 86_400));
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    for (const { value } of Object.values(set)) expect(answer.text).not.toContain(value);
  });

  it('are marked secure where the proxy in front says that the caller came over https', async () => {
    const answer = await signIn('sales01', { headers: { 'x-forwarded-proto': 'https' } });
    for (const { attributes } of Object.values(cookiesOf(answer))) expect(attributes).toContain('secure');
  });

  it.each([
    ['a form', 'application/x-www-form-urlencoded'],
    ['plain text', 'text/plain'],
    ['a form with files', 'multipart/form-data; boundary=x'],
  ])('are not set by a sign-in that another site sends as %s', async (_what, type) => {
    const body = JSON.stringify({ username: 'sales01', password: rig().passwordOf('sales01') });
    const answer = await rig().call('/auth/login', { method: 'POST', body, headers: { 'content-type': type } });
    expect([answer.status, answer.headers['set-cookie']]).toEqual([415, undefined]);
  });

  it.each([
    ['no header of ours', {}],
    ['another site', { ...OURS, 'sec-fetch-site': 'cross-site' }],
    ['a sister site', { ...OURS, 'sec-fetch-site': 'same-site' }],
    ['an origin elsewhere', { 'x-requested-with': 'hfx', origin: 'https://elsewhere.example' }],
    ['an origin that begins like ours', { 'x-requested-with': 'hfx', origin: 'http://127.0.0.1.elsewhere.example' }],
    ['an origin of nowhere', { 'x-requested-with': 'hfx', origin: 'null' }],
  ])('are not believed from %s, and the token is still unused', async (_whence, headers) => {
    const token = tokenIn(await signIn('sales01'));
    const refused = await refresh(token, headers);
    expect([refused.status, refused.headers['set-cookie']]).toEqual([401, undefined]);
    expect((await refresh(token)).status).toBe(200);
  });

  it('that were planted are replaced by a sign-in, which opens a session of its own', async () => {
    const planted = tokenIn(await signIn('sales05'));
    const victim = await signIn('sales01', { headers: { cookie: `hfx_refresh=${planted}` } });
    expect(tokenIn(victim)).not.toBe(planted);
    const attackers = await refresh(planted);
    expect([userOf(attackers.text), userOf(victim.text)]).toEqual(['sales05', 'sales01']);
    const sessions = [attackers, victim].map(({ text }) =>
      decodeJwt((JSON.parse(text) as { accessToken: string }).accessToken),
    );
    expect(new Set(sessions.map(({ sid }) => sid)).size).toBe(2);
  });

  it('of another user give his session, whoever’s access token goes along, and mix nothing', async () => {
    const mine = await rig().signIn('sales01');
    const his = tokenIn(await signIn('sales05'));
    const headers = { ...OURS, authorization: `Bearer ${mine.accessToken}` };
    const answer = await refresh(his, headers);
    expect(userOf(answer.text)).toBe('sales05');
    // A token in the body counts before a cookie, and both are then of the same session.
    const inBody = await refresh(tokenIn(answer), headers, { body: { refreshToken: mine.refreshToken } });
    expect(userOf(inBody.text)).toBe('sales01');
    expect(userOf((await refresh(tokenIn(inBody))).text)).toBe('sales01');
    expect(userOf((await refresh(tokenIn(answer))).text)).toBe('sales05');
  });
}

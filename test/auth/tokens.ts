import type { OutgoingHttpHeaders } from 'node:http';
import { decodeJwt, decodeProtectedHeader, type JWK } from 'jose';
import { Bus } from '#messaging/bus';
import { closeBus, connectBus } from '#messaging/connection';
import { everyContract } from '#testing/contracts';
import { eventually } from '#testing/eventually';
import { scale } from '#testing/scale';
import { CONTROLLERS } from '../../apps/gateway/src/controllers.js';
import { routeTable } from '../../apps/gateway/src/edge/route-table.js';
import { forgedTokens, signedBy } from './forgeries.js';
import { publishKey, type PublishedKey } from './published-key.js';
import type { Rig, SignedIn } from './rig.js';
import { send, told, type Answer } from './wire.js';

const guarded = routeTable(CONTROLLERS)
  .filter(({ access }) => access !== 'public')
  .map(({ method, path }) => ({ method, path: path.replace(/:\w+/g, crypto.randomUUID()) }));
/** Each route and each subject gets this part of the forgeries, and each forgery many of them; in the long run all. */
const SHARE = scale(4, 1);

async function keyThatSigned(token: string, { db }: Rig): Promise<JWK> {
  const { kid } = decodeProtectedHeader(token);
  const { rows } = await db.query<{ jwk: JWK }>(`SELECT public_jwk AS jwk FROM signing_keys WHERE kid = $1`, [kid]);
  return { ...rows[0]?.jwk, kid, alg: 'EdDSA', use: 'sig' };
}

export function tokens(rigOf: () => Rig): void {
  let rig: Rig;
  let session: SignedIn;
  let published: PublishedKey;
  let forged: Record<string, string>;
  beforeAll(async () => {
    rig = rigOf();
    session = await rig.signIn('sales01');
    published = await publishKey((sql, values) => rig.db.query(sql, values));
    forged = await forgedTokens({
      genuine: session.accessToken,
      another: (await rig.signIn('sales01')).accessToken,
      refreshToken: session.refreshToken,
      published,
      publicJwk: await keyThatSigned(session.accessToken, rig),
    });
  });

  const on = ({ method, path }: { method: string; path: string }, headers: OutgoingHttpHeaders, gateway: 0 | 1 = 0) =>
    send(`${rig.gateways[gateway]}${path}`, { method, headers });
  const me = (headers: OutgoingHttpHeaders, query = '', gateway: 0 | 1 = 0) =>
    on({ method: 'GET', path: `/api/v1/me${query}` }, headers, gateway);
  /** What somebody learns who sends no token. */
  const unknown = async (route: { method: string; path: string }) => told(await on(route, {}));

  /** What the key that signs in the tests below signs, is believed: so what is refused is refused for what is wrong. */
  it('a good signature over good claims is let in, by each replica', async () => {
    const token = signedBy(published.privateKey)({ alg: 'EdDSA', kid: published.kid }, decodeJwt(session.accessToken));
    for (const gateway of [0, 1] as const)
      await eventually(async () =>
        expect((await me({ authorization: `Bearer ${token}` }, '', gateway)).status).toBe(200),
      );
  });

  it('no forged token opens any route, and all are told the same as those who send none', async () => {
    expect(guarded.length).toBeGreaterThan(60);
    expect(Object.keys(forged).length).toBeGreaterThan(90);
    const letIn: unknown[] = [];
    for (const [at, route] of guarded.entries()) {
      const expected = await unknown(route);
      expect(expected).toMatchObject({ status: 401 });
      const mine = Object.entries(forged).filter((_, n) => (n + at) % SHARE === 0);
      const tries = mine.map(async ([what, token], n) => {
        const answer = told(await on(route, { authorization: `Bearer ${token}` }, (n % 2) as 0 | 1));
        if (JSON.stringify(answer) !== JSON.stringify(expected)) letIn.push({ ...route, what, answer });
      });
      await Promise.all(tries);
    }
    expect(letIn).toEqual([]);
  });

  it('no service answers a forged token, though it came with the gateway’s own credential', async () => {
    const { rpcs } = await everyContract();
    const asked = rpcs.filter(({ subject, anonymous }) => subject.startsWith('rpc.') && !anonymous);
    expect(asked.length).toBeGreaterThan(60);
    const { url: servers, user = '', password: pass = '' } = rig.system.natsAccess('gateway');
    const nc = await connectBus({ servers, user, pass, service: 'gateway' });
    const bus = new Bus(nc);
    const answered: unknown[] = [];
    try {
      for (const [at, rpc] of asked.entries()) {
        const mine = Object.entries({ ...forged, nothing: undefined }).filter((_, n) => (n + at) % SHARE === 0);
        const tries = mine.map(async ([what, token]) => {
          const outcome = await bus.requestRaw(rpc, {}, { token }).catch((error: { kind: string }) => error.kind);
          if (outcome !== 'unauthenticated') answered.push({ subject: rpc.subject, what, outcome });
        });
        await Promise.all(tries);
      }
    } finally {
      await closeBus(nc);
    }
    expect(answered).toEqual([]);
  });

  describe('a good token', () => {
    const bearer = () => `Bearer ${session.accessToken}`;
    const bad = () => `Bearer ${forged["a stranger's, with our key id"]}`;
    const [head, body, signature] = ['header', 'payload', 'signature'].map(
      (_, n) => () => session.accessToken.split('.')[n] as string,
    ) as [() => string, () => string, () => string];

    const misplaced: Record<string, () => Promise<Answer>> = {
      'in the query as access_token': () => me({}, `?access_token=${session.accessToken}`),
      'in the query as token': () => me({}, `?token=${session.accessToken}`),
      'in the query as authorization': () => me({}, `?authorization=${encodeURIComponent(bearer())}`),
      'in a cookie': () => me({ cookie: `access_token=${session.accessToken}; authorization=${session.accessToken}` }),
      'in the header of a proxy': () => me({ 'proxy-authorization': bearer(), 'x-authorization': bearer() }),
      'in the header that the bus uses': () => me({ 'hfx-token': session.accessToken, 'x-user-id': session.user.id }),
      'without a scheme': () => me({ authorization: session.accessToken }),
      'under another scheme': () => me({ authorization: `Basic ${session.accessToken}` }),
      'under two schemes': () => me({ authorization: `Bearer ${bearer()}` }),
      'with two blanks': () => me({ authorization: `Bearer  ${session.accessToken}` }),
      'twice in one header': () => me({ authorization: `${bearer()}, ${bearer()}` }),
      'behind another in one header': () => me({ authorization: `${bad()}, ${bearer()}` }),
      'in the second of two headers': () => me({ authorization: [bad(), bearer()] as never }),
      'in quotes': () => me({ authorization: `Bearer "${session.accessToken}"` }),
      'with padding': () => me({ authorization: `Bearer ${head()}=.${body()}=.${signature()}==` }),
      'with a line of base64 that is not for URLs': () =>
        me({ authorization: `Bearer ${head()}.${body()}.+/${signature()}` }),
      'with encoded dots': () => me({ authorization: `Bearer ${head()}%2E${body()}%2E${signature()}` }),
      'without its signature': () => me({ authorization: `Bearer ${head()}.${body()}` }),
      'with an empty signature': () => me({ authorization: `Bearer ${head()}.${body()}.` }),
      'with a part more': () => me({ authorization: `Bearer ${session.accessToken}.${signature()}` }),
      'as five parts': () => me({ authorization: `Bearer ${session.accessToken}.${head()}.${body()}` }),
      'with 10,000 letters more': () => me({ authorization: `${bearer()}${'A'.repeat(10_000)}` }),
      'replaced by its refresh token': () => me({ authorization: `Bearer ${session.refreshToken}` }),
      'replaced by nothing': () => me({ authorization: 'Bearer ' }),
    };

    it.each(Object.keys(misplaced))('%s is no token', async (how) => {
      expect(told((await misplaced[how]?.()) as Answer)).toEqual(await unknown({ method: 'GET', path: '/api/v1/me' }));
    });

    it.each(['bearer', 'BEARER'])('is good under the scheme "%s", too', async (scheme) => {
      expect((await me({ authorization: `${scheme} ${session.accessToken}` })).status).toBe(200);
    });

    it('of a megabyte is refused before anybody reads it, and the gateway goes on', async () => {
      const refused = await me({ authorization: `${bearer()}${'A'.repeat(2 ** 20)}`, connection: 'close' }).then(
        ({ status }) => status,
        (error: { code: string }) => error.code,
      );
      expect([400, 431, 'ECONNRESET', 'EPIPE']).toContain(refused);
      expect((await me({ authorization: bearer() })).status).toBe(200);
    });

    it.each(['body', 'cookie'])('is no refresh token in the %s', async (place) => {
      const inBody = place === 'body' ? { refreshToken: session.accessToken } : {};
      const { status, headers } = await rig.call('/auth/refresh', {
        method: 'POST',
        body: inBody,
        headers: { cookie: `hfx_refresh=${session.accessToken}`, 'x-requested-with': 'hfx' },
      });
      expect([400, 401]).toContain(status);
      expect(headers['set-cookie']).toBeUndefined();
    });
  });
}

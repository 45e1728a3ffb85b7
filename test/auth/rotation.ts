import { join } from 'node:path';
import { decodeProtectedHeader } from 'jose';
import { repositoryRoot } from '#embedded/programs';
import { eventually } from '#testing/eventually';
import { sessionOf, type Rig, type SignedIn } from './rig.js';
import { send } from './wire.js';

const kidOf = ({ accessToken }: SignedIn) => decodeProtectedHeader(accessToken).kid;
const json = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

export function rotation(rig: () => Rig): void {
  const rotate = () => rig().system.run('auth', join(repositoryRoot(), 'dist/apps/auth/src/rotate-keys.js'));

  it('twice at once signs nobody out, and what the retired keys signed is soon worth nothing', async () => {
    const old = await rig().signIn('sales01');
    let current = await rig().signIn('sales01');
    const refused: unknown[] = [];
    let asked = 0;
    let over = false;
    const keepAsking = async (gateway: 0 | 1) => {
      while (!over) {
        // The first token lives through all of it; the other is always the newest that auth has given.
        for (const session of [old, current]) {
          const { status, text } = await rig().as(session, '/customer-statuses', { gateway });
          asked += 1;
          if (status !== 200) refused.push({ gateway, kid: kidOf(session), status, text });
        }
      }
    };
    const asking = ([0, 1] as const).map(keepAsking);
    try {
      await Promise.all([rotate(), rotate()]);
      await eventually(async () => {
        current = sessionOf(await rig().refresh(current.refreshToken));
        expect(kidOf(current)).not.toBe(kidOf(old));
      }, 30_000);
      const before = asked;
      await eventually(() => expect(asked).toBeGreaterThan(before + 50), 30_000);
    } finally {
      over = true;
      await Promise.all(asking);
    }
    expect(refused).toEqual([]);

    // As if it had been a while ago: the last token of the old key would have expired.
    await rig().db.query(`UPDATE signing_keys SET signs_from = signs_from - interval '10 minutes'`);
    current = sessionOf(await rig().refresh(current.refreshToken));
    for (const gateway of [0, 1] as const) {
      await eventually(async () => expect((await rig().as(old, '/me', { gateway })).status).toBe(401), 30_000);
      expect((await rig().as(current, '/me', { gateway })).status).toBe(200);
    }
    expect((await rig().refresh(old.refreshToken)).status).toBe(200);
  });

  it('is not hurried by made-up key ids: a thousand of them make auth tell its keys some times at most', async () => {
    const [, payload, signature] = (await rig().signIn('sales01')).accessToken.split('.');
    const forged = () => `${json({ alg: 'EdDSA', kid: crypto.randomUUID() })}.${payload}.${signature}`;
    const before = await timesAsked();
    const started = performance.now();
    for (let hundred = 0; hundred < 10; hundred++) {
      const answers = await Promise.all(
        Array.from({ length: 100 }, (_, n) => rig().as({ accessToken: forged() }, '/me', { gateway: n % 2 ? 1 : 0 })),
      );
      for (const { status } of answers) expect(status).toBe(401);
    }
    const seconds = (performance.now() - started) / 1_000;
    // Each gateway once a second for them, and each of the seven processes once in ten seconds anyhow.
    expect((await timesAsked()) - before).toBeLessThanOrEqual(2 * (seconds + 2) + 7 * (seconds / 10 + 2));
  });

  async function timesAsked(): Promise<number> {
    const counts = ['auth', 'auth-2'].map(async (replica) => {
      const { text } = await send(`${rig().system.healthUrl(replica)}/metrics`);
      const lines = text.split('\n').filter((line) => line.startsWith('bus_handler_duration_seconds_count'));
      const ours = lines.filter((line) => line.includes('auth.key.list'));
      return ours.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
    });
    return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
  }
}

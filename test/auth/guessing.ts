import { scale } from '#testing/scale';
import { cookiesOf, told } from './wire.js';
import type { Call, Rig } from './rig.js';

const FREE = 10;
const GUESSER = '203.0.113.66';

/** All the ways in which somebody may claim to come from elsewhere; the proxy in front adds the truth at the end. */
const claiming = (address: string) => ({
  'x-forwarded-for': address,
  forwarded: `for=${address}`,
  'x-real-ip': address,
  'x-client-ip': address,
  'true-client-ip': address,
  'cf-connecting-ip': address,
});

export function guessing(rig: () => Rig): void {
  const attempt = (username: string, password: string, call: Call = {}) => {
    const body = { username, password };
    return rig().call('/auth/login', { method: 'POST', body, ...call });
  };

  it('is slowed by all replicas as one, whatever address it claims, and keeps nobody out', async () => {
    const username = 'sales02';
    const password = rig().passwordOf(username);
    const home = rig().newAddress();
    const first = await attempt(username, password, { from: home });
    const { accessToken } = JSON.parse(first.text) as { accessToken: string };
    const cookie = `hfx_device=${cookiesOf(first)['hfx_device']?.value}`;

    const started = performance.now();
    const answers = [];
    for (let n = 0; n < scale(40, 400); n++) {
      const headers = claiming(rig().newAddress());
      answers.push(await attempt(username, `guess ${n}`, { from: GUESSER, gateway: n % 2 ? 1 : 0, headers }));
    }
    const seconds = (performance.now() - started) / 1_000;
    const seen = answers.filter(({ status }) => status === 401).length;
    expect(seen).toBeGreaterThanOrEqual(FREE);
    // The pauses double: 1, 2, 4 … seconds.
    expect(seen).toBeLessThanOrEqual(FREE + 1 + Math.ceil(Math.log2(seconds + 1)));
    for (const { status, headers } of answers.filter((answer) => answer.status !== 401)) {
      expect(status).toBe(429);
      expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    }

    expect((await rig().as({ accessToken }, '/me')).status).toBe(200);
    expect((await attempt(username, password, { from: home, gateway: 1 })).status).toBe(200);
    // From the guesser's own address he gets in with the browser that he used before.
    const withDevice = { from: GUESSER, headers: { cookie } };
    expect((await attempt(username, password, { ...withDevice, gateway: 1 })).status).toBe(200);
  });

  it('finds out by no answer which names exist, who is disabled, or which names cannot be', async () => {
    const { id, username, password } = await rig().newcomer('gone');
    await rig().as(await rig().signIn('admin'), `/users/${id}/disable`, { method: 'POST' });
    const wrong: [string, string][] = [
      ['sales03', 'not-the-password'],
      [username, password],
      ['nobody', 'not-the-password'],
      ['no\u0000body', 'not-the-password'],
      ["' OR 1=1 --", 'not-the-password'],
      ['sales03', rig().passwordOf('sales02')],
    ];
    const answers = [];
    for (const [name, secret] of wrong) answers.push(told(await attempt(name, secret, { from: rig().newAddress() })));
    expect(answers[0]).toMatchObject({ status: 401 });
    for (const answer of answers) expect(answer).toEqual(answers[0]);
  });

  it('finds it out by no clock either', async () => {
    const took = async (username: string) => {
      const from = rig().newAddress();
      const started = performance.now();
      await attempt(username, 'not-the-password', { from });
      return performance.now() - started;
    };
    // In turns, so that what else the machine does falls on both alike. An account has 30 free failures.
    const times: [known: number, unknown: number][] = [];
    for (let n = 0; n < 15; n++) times.push([await took('sales04'), await took('no-such-name')]);
    const median = (side: 0 | 1) => times.map((pair) => pair[side]).toSorted((a, b) => a - b)[7] ?? 0;
    const ratio = median(0) / median(1);
    expect(ratio).toBeGreaterThan(0.5);
    expect(ratio).toBeLessThan(2);
  });
}

import { PASSWORD, sales, sessionIdOf, startAuth, type AuthService } from './auth-service.js';

let service: AuthService;
const GUESSER = '203.0.113.66';
const VICTIMS = '192.0.2.10';

interface Refusal {
  kind: string;
  slug: string;
  details: { retryAfter?: number };
}
const guess = (username: string, address = GUESSER, device?: string): Promise<Refusal> =>
  service.signIn(username, 'a guess', address, device).then(
    () => Promise.reject(new Error('it was let in')),
    (error: Refusal) => error,
  );
const guesses = async (times: number, username: string, address?: string) => {
  const slugs: string[] = [];
  for (let i = 0; i < times; i++) slugs.push((await guess(username, address)).slug);
  return slugs;
};
const FREE = 10;

beforeAll(async () => {
  service = await startAuth([sales('victim'), sales('neighbour')]);
});
beforeEach(() => service.db.dataSource.query(`DELETE FROM login_counters`));
beforeEach(() => service.db.dataSource.query(`DELETE FROM known_addresses`));
afterAll(() => service.close());

describe('guessing', () => {
  it('is slowed more and more, and says for how long [P16]', async () => {
    expect(await guesses(FREE, 'victim')).toEqual(Array(FREE).fill('bad-credentials'));
    const waits: (number | undefined)[] = [];
    for (let i = 0; i < 4; i++) {
      const refused = await guess('victim');
      expect(refused).toMatchObject({ kind: 'too-many-requests', slug: 'too-many-attempts' });
      waits.push(refused.details.retryAfter);
      service.clock.advance(refused.details.retryAfter!);
      expect(await guess('victim')).toMatchObject({ slug: 'bad-credentials' });
    }
    expect(waits).toEqual([1, 2, 4, 8]);
  });

  it('at once gains nothing', async () => {
    const slugs = (await Promise.all(Array.from({ length: 40 }, () => guess('victim')))).map(({ slug }) => slug);
    expect(slugs.filter((slug) => slug === 'bad-credentials')).toHaveLength(FREE);
    expect(slugs.filter((slug) => slug === 'too-many-attempts')).toHaveLength(30);
  });

  it('goes for names that exist and names that don’t alike [P17]', async () => {
    const answers = async (username: string) => {
      const all: unknown[] = [];
      for (let i = 0; i < FREE + 1; i++) {
        const { kind, slug, details } = await guess(username, `198.51.100.${username.length}`);
        all.push({ kind, slug, details });
      }
      return all;
    };
    expect(await answers('victim')).toEqual(await answers('no-such-name'));
  });

  it('takes about as long for a name that doesn’t exist [P17]', async () => {
    const time = async (username: string) => {
      const started = performance.now();
      await guess(username, '198.51.100.99');
      return performance.now() - started;
    };
    // Alternately, so that other load falls on both.
    const [known, unknown]: [number[], number[]] = [[], []];
    for (let i = 0; i < 8; i++) {
      known.push(await time('neighbour'));
      unknown.push(await time('no-such-name'));
    }
    const fastest = (times: number[]) => Math.min(...times);
    expect(fastest(unknown)).toBeGreaterThan(fastest(known) / 2);
  });

  it('from elsewhere does not keep the owner out of where he signed in before [P16]', async () => {
    await service.signIn('victim', PASSWORD, VICTIMS);
    for (let i = 0; i < 30; i++) await guess('victim', `203.0.113.${i}`);
    // From a new address the account is under guard…
    await expect(service.signIn('victim', PASSWORD, '198.51.100.1')).rejects.toMatchObject({
      slug: 'too-many-attempts',
    });
    // … its owner’s is free, …
    await service.signIn('victim', PASSWORD, VICTIMS);
    // … and somewhere new he only has to wait.
    service.clock.advance(300);
    await service.signIn('victim', PASSWORD, '198.51.100.1');
  });

  it('at one account leaves the others of the same office in peace', async () => {
    await guesses(FREE + 5, 'victim');
    await service.signIn('neighbour', PASSWORD, GUESSER);
  });

  it('at many accounts from one address is slowed as well', async () => {
    for (let i = 0; i < 100; i++) expect(await guess(`name${i}`)).toMatchObject({ slug: 'bad-credentials' });
    expect(await guess('name-more')).toMatchObject({ slug: 'too-many-attempts' });
    expect(await guess('name-more', VICTIMS)).toMatchObject({ slug: 'bad-credentials' });
  });

  it('a success begins anew, for the pair alone', async () => {
    await guesses(FREE - 1, 'victim');
    await service.signIn('victim', PASSWORD, GUESSER);
    expect(await guesses(FREE, 'victim')).toEqual(Array(FREE).fill('bad-credentials'));
    expect(await guesses(1, 'victim')).toEqual(['too-many-attempts']);
  });

  it('honest sign-ins in great number count for nothing', async () => {
    for (let i = 0; i < 35; i++) await service.signIn('victim', PASSWORD, `198.51.100.${i}`);
    for (let i = 0; i < 20; i++) await service.signIn('neighbour', PASSWORD, GUESSER);
    const counted = await service.db.dataSource.query<unknown[]>(`SELECT key FROM login_counters WHERE failures > 0`);
    expect(counted).toEqual([]);
  });

  it('honest sign-ins at the same moment are not taken for it', async () => {
    const sessions = await Promise.all(
      Array.from({ length: FREE + 5 }, () => service.signIn('victim', PASSWORD, GUESSER)),
    );
    expect(new Set(sessions.map(sessionIdOf)).size).toBe(FREE + 5);
  });

  describe('and a device that the owner signed in with before', () => {
    const deviceOf = async (username: string) => (await service.signIn(username, PASSWORD, VICTIMS, '')).device!;
    const guarded = { slug: 'too-many-attempts' };

    it('lets him in from wherever he is, though others guess from many addresses and from his own', async () => {
      const device = await deviceOf('victim');
      for (let i = 0; i < 30; i++) await guess('victim', `203.0.113.${i}`);
      await guesses(FREE, 'victim', VICTIMS);
      await guesses(FREE, 'victim', '198.51.100.1');
      for (const address of [VICTIMS, '198.51.100.1', '198.51.100.2']) {
        await expect(service.signIn('victim', PASSWORD, address)).rejects.toMatchObject(guarded);
        expect(await service.signIn('victim', PASSWORD, address, device)).toMatchObject({ device });
      }
    });

    it('is slowed for its own guesses, and then by itself alone', async () => {
      const device = await deviceOf('victim');
      for (let i = 0; i < FREE; i++) await guess('victim', `198.51.100.${i}`, device);
      expect(await guess('victim', '198.51.100.77', device)).toMatchObject(guarded);
      await service.signIn('victim', PASSWORD, VICTIMS);
    });

    it.each([
      ['of another account', () => deviceOf('neighbour')],
      ['that was made up', async () => 'A'.repeat(43)],
      ['that names his address', async () => VICTIMS],
    ])('does not help when it is one %s, and is replaced', async (_which, deviceFor) => {
      await service.signIn('victim', PASSWORD, VICTIMS);
      const device = await deviceFor();
      expect((await service.signIn('victim', PASSWORD, VICTIMS, device)).device).not.toBe(device);
      for (let i = 0; i < 30; i++) await guess('victim', `203.0.113.${i}`, device);
      expect(await guess('victim', '203.0.113.99', device)).toMatchObject(guarded);
    });

    it('is nothing that a program is given, which keeps nothing', async () => {
      expect(await service.signIn('victim')).not.toHaveProperty('device');
    });
  });

  it('leaves neither names nor addresses to be read', async () => {
    await guess('my-password-in-the-wrong-field');
    await service.signIn('victim', PASSWORD, VICTIMS);
    const rows = await service.db.dataSource.query<{ row: string }[]>(
      `SELECT c::text AS row FROM login_counters c UNION ALL SELECT k::text FROM known_addresses k`,
    );
    expect(rows.length).toBeGreaterThan(3);
    for (const { row } of rows) expect(row).not.toMatch(/wrong-field|victim|203\.0|192\.0/);
  });
});

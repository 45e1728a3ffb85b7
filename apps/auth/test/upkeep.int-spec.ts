import { decodeProtectedHeader } from 'jose';
import { DataSource } from 'typeorm';
import * as auth from '#contracts/auth';
import { Clock } from '#platform/clock';
import { TokenVerifier } from '#platform/tokens';
import { driftOf, type TestDatabase } from '#testing/database';
import { eventually } from '#testing/eventually';
import { migrations, options } from '../src/data-source.js';
import { Housekeeping } from '../src/housekeeping.js';
import { SigningKeyRepository } from '../src/key/signing-key.repository.js';
import { SigningKeys } from '../src/key/signing-key.service.js';
import { seedAccounts, SeedAccounts } from '../src/seeding.js';
import { Vault } from '../src/vault.js';
import { ADMIN, database, meetingAt, PASSWORD, sales, SECRET, startAuth, type AuthService } from './auth-service.js';

describe('the schema', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await database();
  });
  afterAll(() => db.close());

  it('is what the entities say', async () => {
    expect(await driftOf(db)).toEqual([]);
  });

  it('can be taken down and built again', async () => {
    const owner = await new DataSource({
      ...options({ DATABASE_URL: db.ownerUrl, DATABASE_POOL: 2 }),
      extra: {},
    }).initialize();
    try {
      for (const _ of migrations) await owner.undoLastMigration();
      const left = await owner.query<{ name: string }[]>(
        `SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema()`,
      );
      expect(left).toEqual([{ name: 'migrations' }]);
      expect(await owner.runMigrations()).toHaveLength(migrations.length);
    } finally {
      await owner.destroy();
    }
  });
});

describe('the seed', () => {
  let db: TestDatabase;
  const clock = new Clock('UTC');
  const accounts = SeedAccounts.parse([ADMIN, { ...sales('Sales01'), mustChangePassword: true }]);
  const users = () =>
    db.dataSource.query<object[]>(
      `SELECT username, role, display_name, active, must_change_password FROM users ORDER BY username`,
    );
  const outbox = () => db.dataSource.query<object[]>(`SELECT payload->'data'->>'username' AS username FROM outbox`);
  beforeEach(async () => {
    db = await database();
  });
  afterEach(() => db.close());

  it('creates the accounts and tells of each, as the serving role, once', async () => {
    expect(await seedAccounts(accounts, db.dataSource, clock)).toEqual(['admin', 'sales01']);
    const created = [
      { username: 'admin', role: 'administrator', display_name: '管理员', active: true, must_change_password: false },
      {
        username: 'sales01',
        role: 'salesperson',
        display_name: '销售 Sales01',
        active: true,
        must_change_password: true,
      },
    ];
    expect(await users()).toEqual(created);
    expect(await outbox()).toEqual([{ username: 'admin' }, { username: 'sales01' }]);

    const others = accounts.map((account) => ({ ...account, password: 'another-password', displayName: 'another' }));
    expect(await seedAccounts(others, db.dataSource, clock)).toEqual([]);
    expect(await users()).toEqual(created);
    expect(await outbox()).toHaveLength(2);
  });

  it('twice at the same moment creates each account once', async () => {
    const created = await Promise.all([1, 2, 3].map(() => seedAccounts(accounts, db.dataSource, clock)));
    expect(created.flat().toSorted()).toEqual(['admin', 'sales01']);
    expect(await outbox()).toHaveLength(2);
  });

  it.each([
    ['a short password', { ...ADMIN, password: 'short' }],
    ['what is no user name', { ...ADMIN, username: 'two words' }],
    ['an unknown role', { ...ADMIN, role: 'root' }],
    ['an unknown field', { ...ADMIN, admin: true }],
  ])('refuses %s', (_what, account) => {
    expect(SeedAccounts.safeParse([account]).success).toBe(false);
  });
});

describe('in a running service', () => {
  let service: AuthService;
  beforeAll(async () => {
    service = await startAuth([sales('sales01')]);
  });
  afterAll(() => service.close());
  beforeEach(async () => {
    for (const table of ['sessions', 'signing_keys', 'login_counters', 'known_addresses']) {
      await service.db.dataSource.query(`DELETE FROM ${table}`);
    }
    await replica().onModuleInit();
    // The service itself asks for new keys once a second at most.
    service.clock.advance(2);
  });

  /** Another process over the same database: a replica's keys, or the rotation command's. */
  const replica = (secret = SECRET) =>
    new SigningKeys(service.db.dataSource, new SigningKeyRepository(), new Vault(secret), service.clock);

  const keys = () => service.ask(auth.listKeys.askedBy('gateway'), {});
  const kidOf = ({ accessToken }: { accessToken: string }) => decodeProtectedHeader(accessToken).kid;

  it('events reach the stream', async () => {
    await eventually(async () => {
      const [waiting] = await service.db.dataSource.query<{ count: string }[]>(
        `SELECT count(*) FROM outbox WHERE published_at IS NULL`,
      );
      expect(waiting).toEqual({ count: '0' });
    });
  });

  it('rotated keys sign anew, and tokens of the old ones stay good as long as they live', async () => {
    const verifier = new TokenVerifier(async () => (await keys()).keys, service.clock);
    const before = await service.signIn('sales01');
    const another = await service.signIn('sales01');
    await verifier.verify(before.accessToken);

    const rotation = replica();
    await rotation.onModuleInit();
    const kid = await rotation.rotate();
    expect((await keys()).keys.map((key) => key.kid)).toEqual([kid, kidOf(before)]);
    expect(kidOf(await service.signIn('sales01'))).toBe(kidOf(before));

    service.clock.advance(6);
    const after = await service.signIn('sales01');
    expect(kidOf(after)).toBe(kid);
    for (const session of [after, another]) {
      expect(await verifier.verify(session.accessToken)).toMatchObject({ username: 'sales01' });
    }
    expect(await service.ask(auth.getMe, {}, another)).toMatchObject({ username: 'sales01' });

    service.clock.advance(400);
    expect((await keys()).keys.map((key) => key.kid)).toEqual([kid]);
    const housekeeping = service.service.app.get(Housekeeping);
    expect(await housekeeping.purge()).toBe(true);
    expect(await service.db.dataSource.query(`SELECT kid FROM signing_keys`)).toEqual([{ kid }]);
  });

  it('keys are published without their private half, and kept sealed', async () => {
    const { keys: published } = await keys();
    expect(published).toEqual([
      {
        kid: expect.any(String) as string,
        kty: 'OKP',
        crv: 'Ed25519',
        x: expect.any(String) as string,
        alg: 'EdDSA',
        use: 'sig',
      },
    ]);
    const [kept] = await service.db.dataSource.query<{ sealed_jwk: string }[]>(`SELECT sealed_jwk FROM signing_keys`);
    expect(Buffer.from(kept!.sealed_jwk, 'base64url').toString()).not.toContain('Ed25519');
  });

  it('another secret opens none of the keys, and makes none', async () => {
    const stranger = replica('a secret that somebody mistyped, also long enough');
    await expect(stranger.onModuleInit()).rejects.toThrow(/AUTH_KEY_SECRET/);
    expect((await keys()).keys).toHaveLength(1);
  });

  it('many replicas that start at once make one key', async () => {
    await service.db.dataSource.query(`DELETE FROM signing_keys`);
    await meetingAt(
      service.db,
      [`LOCK TABLE signing_keys IN SHARE MODE`],
      [1, 2, 3].map(() => () => replica().onModuleInit()),
    );
    expect(await service.db.dataSource.query(`SELECT count(*)::int FROM signing_keys`)).toEqual([{ count: 1 }]);
  });

  it('what has run out is deleted, and nothing else', async () => {
    const day = 86_400;
    const count = async (table: string) => {
      const [row] = await service.db.dataSource.query<{ count: number }[]>(`SELECT count(*)::int FROM ${table}`);
      return row!.count;
    };
    const housekeeping = service.service.app.get(Housekeeping);
    const ended = await service.signIn('sales01', PASSWORD, '192.0.2.4');
    let lives = await service.signIn('sales01', PASSWORD, '192.0.2.5');
    await service.ask(auth.logout, {}, ended);
    expect(await housekeeping.purge()).toBe(true);
    expect([await count('sessions'), await count('refresh_tokens')]).toEqual([2, 2]);

    service.clock.advance(3 * day);
    lives = await service.refresh(lives.refreshToken);
    await housekeeping.purge();
    expect([await count('sessions'), await count('refresh_tokens')]).toEqual([1, 2]);
    expect([await count('login_counters'), await count('known_addresses')]).toEqual([0, 2]);
    await service.refresh(lives.refreshToken);

    service.clock.advance(90 * day);
    await housekeeping.purge();
    expect([await count('sessions'), await count('known_addresses'), await count('signing_keys')]).toEqual([0, 0, 1]);
  });

  it('housekeeping is done by one at a time', async () => {
    const housekeeping = service.service.app.get(Housekeeping);
    const done = await service.db.dataSource.transaction(async (tx) => {
      await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('auth housekeeping', 0))`);
      return housekeeping.purge();
    });
    expect(done).toBe(false);
    expect(await housekeeping.purge()).toBe(true);
  });
});

import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { SERVICES } from '#contracts/rpc';
import { LocalSystem } from '#embedded/local-system';
import { businessDate } from '#platform/clock';
import { OWNERS, PASSWORD_OF, ownerName, prepareData } from './data.js';
import type { Actor, World } from './operations.js';
import type { Options } from './options.js';
import { cpuOf, cpuOfPostgres, memoryOf } from './processes.js';

const ZONE = 'Asia/Shanghai';
/** How many of the owners are at work. */
const AT_WORK = 10;
const CUSTOMERS_EACH = 500;

/** The system as `npm start` runs it, on a data folder of its own that holds the prepared organisation. */
export class Ground {
  readonly today = businessDate(new Date(performance.timeOrigin + performance.now()), ZONE);
  readonly admin: pg.Pool;
  private signedInAt = -Infinity;
  private known?: World;

  private constructor(
    readonly system: LocalSystem,
    private readonly temporary: string | undefined,
  ) {
    this.admin = new pg.Pool({ connectionString: system.adminUrl, max: 2 });
  }

  static async open({ customers, dataDir, profile }: Options, report: (line: string) => void): Promise<Ground> {
    const temporary = dataDir === undefined ? mkdtempSync(join(tmpdir(), 'hongfuxing-bench-')) : undefined;
    const dir = dataDir ?? temporary!;
    const profiler = new URL('profiler.mjs', import.meta.url).href;
    const env = { ...process.env, LOG_LEVEL: 'warn', HFX_ORG_TIME_ZONE: ZONE };
    const extraEnv = profile && { [profile]: { NODE_OPTIONS: `--import ${profiler}`, HFX_PROFILE_DIR: dir } };
    const system = new LocalSystem({ dataDir: dir, port: 0, demo: true, env, extraEnv, report });
    await system.start();
    const ground = new Ground(system, temporary);
    try {
      await ground.prepare(customers, report);
    } catch (error) {
      await ground.close();
      throw error;
    }
    return ground;
  }

  async close(): Promise<void> {
    await this.admin.end();
    await this.system.stop();
    if (this.temporary === undefined) return;
    rmSync(realpathSync(join(this.temporary, 'postgres')), { recursive: true, force: true });
    rmSync(this.temporary, { recursive: true, force: true });
  }

  /** With sessions that last for a few minutes more. */
  async world(): Promise<World> {
    if (this.known && performance.now() - this.signedInAt < 180_000) return this.known;
    this.signedInAt = performance.now();
    const [{ productId, statusId }] = await this.rows<{ productId: string; statusId: string }>(
      `SELECT (SELECT id FROM sales.products ORDER BY code LIMIT 1) AS "productId",
         (SELECT id FROM customers.customer_statuses WHERE is_default) AS "statusId"`,
    );
    const salespeople: Actor[] = [];
    for (let n = 1; n <= Math.min(AT_WORK, OWNERS); n++) salespeople.push(await this.signIn(ownerName(n), PASSWORD_OF));
    for (const one of salespeople) {
      const rows = await this.rows<{ id: string }>(
        `SELECT id FROM customers.customers WHERE owner_id = '${one.userId}' ORDER BY code LIMIT ${CUSTOMERS_EACH}`,
      );
      one.customers = rows.map(({ id }) => id);
    }
    const finance = await this.signIn('finance', 'finance');
    this.known = { salespeople, finance, productId, statusId, today: this.today, dueOn: this.today };
    return this.known;
  }

  async signIn(username: string, passwordOf = username): Promise<Actor> {
    const { password } = this.system.accounts.find((account) => account.username === passwordOf)!;
    const response = await fetch(`${this.system.url}/api/v1/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username, password, tokenDelivery: 'body' }),
    });
    if (response.status !== 200) throw new Error(`${username} can't sign in: ${await response.text()}`);
    const { accessToken, user } = (await response.json()) as { accessToken: string; user: { id: string } };
    return { userId: user.id, token: accessToken, customers: [] };
  }

  async rows<Row>(sql: string, values: unknown[] = []): Promise<[Row, ...Row[]]> {
    return (await this.admin.query(sql, values)).rows as [Row, ...Row[]];
  }

  /** What was told has arrived everywhere. */
  async settled(): Promise<void> {
    for (;;) {
      const [{ settled }] = await this.rows<{ settled: boolean }>(
        `SELECT NOT EXISTS (SELECT FROM customers.outbox WHERE published_at IS NULL)
           AND NOT EXISTS (SELECT FROM sales.outbox WHERE published_at IS NULL)
           AND NOT EXISTS (SELECT FROM billing.outbox WHERE published_at IS NULL)
           AND (SELECT count(*) FROM customers.customers) = (SELECT count(*) FROM billing.customers)
           AND (SELECT count(*) FROM sales.purchases) = (SELECT count(*) FROM billing.charges)
           AND (SELECT count(*) FROM sales.payments) = (SELECT count(*) FROM billing.ledger_entries) AS settled`,
      );
      if (settled) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Nobody of the product uses the machine while the bare server is measured. */
  standStill(): void {
    for (const service of SERVICES) this.system.process(service).pause();
  }

  goOn(): void {
    for (const service of SERVICES) this.system.process(service).resume();
  }

  /** Used so far, in ms: by the services and NATS together, and by PostgreSQL. */
  cpu(): { product: number; postgres: number } {
    const processes = [...SERVICES, 'nats'].map((name) => cpuOf(this.system.process(name).pid!));
    const product = processes.reduce((sum, one) => sum + one, 0);
    return { product, postgres: cpuOfPostgres(this.system.process('postgres').pid!) };
  }

  memory(): Record<string, { resident: number; own: number }> {
    const names = [...SERVICES, 'nats'];
    return Object.fromEntries(names.map((name) => [name, memoryOf(this.system.process(name).pid!)]));
  }

  async versions(): Promise<{ postgres: string; nats: string }> {
    const [{ postgres }] = await this.rows<{ postgres: string }>(
      `SELECT current_setting('server_version') AS postgres`,
    );
    return { postgres, nats: this.system.nats!.version };
  }

  private async prepare(customers: number, report: (line: string) => void): Promise<void> {
    const marker = join(this.system.dataDir, 'bench.json');
    if (existsSync(marker)) {
      const { customers: found } = JSON.parse(readFileSync(marker, 'utf8')) as { customers: number };
      if (found === customers) return;
      throw new Error(`${this.system.dataDir} holds ${found} customers, not ${customers}; remove it or name another.`);
    }
    report(`preparing ${customers} customers …`);
    const began = performance.now();
    const client = new pg.Client({ connectionString: this.system.adminUrl });
    await client.connect();
    try {
      await prepareData(client, customers, this.today);
    } finally {
      await client.end();
    }
    writeFileSync(marker, JSON.stringify({ customers }));
    report(`  prepared in ${((performance.now() - began) / 1_000).toFixed(1)} s`);
  }
}

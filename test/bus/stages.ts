import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JWTPayload } from 'jose';
import type { DatabaseService } from '#embedded/provision-sql';
import { Runners } from '#messaging/messaging.module';
import { Clock } from '#platform/clock';
import { testDatabase, type TestDatabase } from '#testing/database';
import { eventually } from '#testing/eventually';
import { startTestService, type TestService } from '#testing/service';
import { AuthModule } from '../../apps/auth/src/auth.module.js';
import * as auth from '../../apps/auth/src/data-source.js';
import { BillingModule } from '../../apps/billing-reminders/src/billing.module.js';
import { billingConfig } from '../../apps/billing-reminders/src/config.js';
import * as billing from '../../apps/billing-reminders/src/data-source.js';
import { SweepService } from '../../apps/billing-reminders/src/sweep/sweep.service.js';
import { CustomersModule } from '../../apps/customers/src/customers.module.js';
import * as customers from '../../apps/customers/src/data-source.js';
import { SalesModule } from '../../apps/sales/src/sales.module.js';
import * as sales from '../../apps/sales/src/data-source.js';
import { signedBy } from '../auth/forgeries.js';
import { publishKey } from '../auth/published-key.js';

/** A service as it runs, over a bus and a database of its own. */
export interface Stage extends TestService {
  db: TestDatabase;
}

type ModuleOf = Parameters<typeof startTestService>[1];

const SOURCES = { auth, customers, sales, billing };
const MODULES: Record<DatabaseService, (url: string) => ModuleOf> = {
  auth: (DATABASE_URL) => (config) => {
    const own = {
      DATABASE_URL,
      DATABASE_POOL: 10,
      AUTH_KEY_SECRET: 'a secret that is long enough',
      HFX_CURRENCY: 'CNY',
    };
    return AuthModule.forRoot({ ...config, ...own });
  },
  customers: (DATABASE_URL) => (config) => CustomersModule.forRoot({ ...config, DATABASE_URL, DATABASE_POOL: 10 }),
  sales: (DATABASE_URL) => (config) => SalesModule.forRoot({ ...config, DATABASE_URL, DATABASE_POOL: 10 }),
  billing: (DATABASE_URL) => (config) => {
    const own = { DATABASE_URL, MAIL_DIR: mkdtempSync(join(tmpdir(), 'hongfuxing-mail-')) };
    return BillingModule.forRoot(billingConfig.parse({ ...config, ...own, HEALTH_PORT: '0', HFX_SUPERVISED: 'false' }));
  },
};

export async function openStage(name: DatabaseService): Promise<Stage> {
  const { entities, migrations } = SOURCES[name];
  const db = await testDatabase({ service: name, entities, migrations });
  const service = await startTestService(name, MODULES[name](db.url));
  if (name === 'billing') await firstSweep(service, db);
  return {
    ...service,
    db,
    // Nobody stands in for auth's keys where auth itself is.
    sign: name === 'auth' ? await signAsAuth(db) : service.sign,
    async close() {
      await service.close();
      await db.close();
    },
  };
}

/** What billing does of itself on its first day is done before anybody looks for what an attack has done. */
async function firstSweep({ app }: TestService, { dataSource }: TestDatabase): Promise<void> {
  const sweeps = app.get(SweepService);
  await eventually(async () => {
    await sweeps.tick();
    const rows = await dataSource.query<{ through: string }[]>(
      `SELECT swept_through::text AS through FROM sweep_watermark`,
    );
    expect(rows).toEqual([{ through: app.get(Clock).today() }]);
    const workers = await Promise.all(app.get(Runners).workers.map((worker) => worker.status()));
    expect(workers.map(({ waiting }) => waiting)).toEqual(workers.map(() => 0));
  }, 60_000);
}

async function signAsAuth({ ownerDataSource }: TestDatabase): Promise<Stage['sign']> {
  const { kid, privateKey } = await publishKey((sql, values) => ownerDataSource.query(sql, values));
  return async (claims: JWTPayload) => signedBy(privateKey)({ alg: 'EdDSA', kid }, claims);
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine } from './engine.js';

/** What docs/operations.md says about upkeep, as it says it. */
export class Upkeep {
  constructor(private readonly engine: Engine) {}

  /** All containers and everything in PostgreSQL and NATS are gone in between; the secrets are kept apart. */
  async restoreFromBackup(): Promise<void> {
    const folder = mkdtempSync(join(tmpdir(), 'hongfuxing-backup-'));
    const dump = join(folder, 'hongfuxing.dump');
    const there = '/tmp/hongfuxing.dump';
    const { engine } = this;
    try {
      await this.inPostgres('pg_dump', '--format=custom', `--file=${there}`, 'hongfuxing');
      await engine.compose('cp', `postgres:${there}`, dump);
      await engine.compose('down', '--timeout', '20');
      await engine.docker('volume', 'rm', 'hongfuxing_postgres', 'hongfuxing_nats');

      await engine.compose('up', '--detach', '--wait', 'postgres', 'nats');
      await engine.compose('run', '--rm', 'prepare');
      await engine.compose('cp', dump, `postgres:${there}`);
      await this.inPostgres('pg_restore', '--clean', '--create', '--if-exists', '--dbname=postgres', there);
      await engine.compose('up', '--detach', '--wait');
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  async rebuildProjections(): Promise<void> {
    const tables = ['users', 'customers', 'owner_versions', 'products', 'charges', 'ledger_entries', 'sales_by_month'];
    const names = tables.map((table) => `billing.${table}`).join(', ');
    await this.inPostgres('psql', '--dbname=hongfuxing', `--command=TRUNCATE ${names}`);
    for (const service of ['auth', 'customers', 'sales']) await this.maintain(service, service, 'republish');
  }

  /** Gives what it says. */
  replayParked(): Promise<string> {
    return this.maintain('billing-worker', 'billing-reminders', 'replay', 'billing-sales');
  }

  rotateKeys(): Promise<string> {
    return this.engine.compose('exec', '-T', 'auth', 'node', 'dist/apps/auth/src/rotate-keys.js');
  }

  private maintain(service: string, app: string, ...command: string[]): Promise<string> {
    return this.engine.compose('exec', '-T', service, 'node', `dist/apps/${app}/src/maintain.js`, ...command);
  }

  private inPostgres(command: string, ...args: string[]): Promise<string> {
    return this.engine.compose('exec', '-T', 'postgres', command, '--username=postgres', ...args);
  }
}

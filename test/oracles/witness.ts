import pg from 'pg';
import type { LocalSystem } from '#embedded/local-system';

/** Looks into the databases of a running system, past its services and their rights. */
export class Witness {
  private readonly pool: pg.Pool;

  constructor(readonly system: LocalSystem) {
    if (!system.adminUrl) throw new Error('Only the embedded servers can be looked into');
    this.pool = new pg.Pool({ connectionString: system.adminUrl, max: 4 });
    // A server that a test kills takes idle connections with it; the next question opens another.
    this.pool.on('error', () => {});
  }

  async rows<R extends object>(sql: string, parameters: unknown[] = []): Promise<R[]> {
    return (await this.pool.query<R>(sql, parameters)).rows;
  }

  /** A connection of its own, for what must be held. */
  async connection(): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: this.system.adminUrl });
    client.on('error', () => {});
    await client.connect();
    return client;
  }

  close = (): Promise<void> => this.pool.end();
}

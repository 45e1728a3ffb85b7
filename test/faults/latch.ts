import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import type { Client } from 'pg';
import type { SupervisedProcess } from '#embedded/supervised-process';
import { eventually } from '#testing/eventually';
import type { Witness } from '../oracles/witness.js';

/** Where in a write it is held up. */
export type Moment = 'statement' | 'commit';

export interface Place {
  /** Schema and table. */
  table: string;
  by: 'INSERT' | 'UPDATE';
  /** `statement`: the row is written, and COMMIT not yet sent. `commit`: COMMIT has begun, and nobody can stop it. */
  at: Moment;
}

/** A backend that is held up, and the process that waits for it. */
export interface Caught {
  pid: number;
  process: SupervisedProcess;
}

const KEY = 1_122_334;

/**
 * Holds up whoever writes to a table, from within PostgreSQL: so a process can be struck at a point of its work that no
 * signal from outside would hit, and the product needs no hook for it.
 */
export class Latch {
  private constructor(
    private readonly witness: Witness,
    private readonly held: Client,
    private readonly place: Place,
  ) {}

  static async set(witness: Witness, place: Place): Promise<Latch> {
    const held = await witness.connection();
    await held.query(`SELECT pg_advisory_lock(${KEY})`);
    await held.query(`CREATE OR REPLACE FUNCTION public.latch() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        PERFORM pg_advisory_lock_shared(${KEY});
        PERFORM pg_advisory_unlock_shared(${KEY});
        RETURN NEW;
      END $$`);
    const kind = place.at === 'commit' ? 'CONSTRAINT TRIGGER' : 'TRIGGER';
    const when = place.at === 'commit' ? 'DEFERRABLE INITIALLY DEFERRED' : '';
    await held.query(`CREATE ${kind} latch AFTER ${place.by} ON ${place.table} ${when}
      FOR EACH ROW EXECUTE FUNCTION public.latch()`);
    return new Latch(witness, held, place);
  }

  /** Waits until somebody is held up. */
  caught(): Promise<Caught> {
    return eventually(async () => {
      const [row] = await this.witness.rows<{ pid: number; port: number }>(
        `SELECT pid, client_port AS port FROM pg_locks JOIN pg_stat_activity USING (pid)
         WHERE locktype = 'advisory' AND objid = ${KEY} AND NOT granted ORDER BY query_start LIMIT 1`,
      );
      if (!row) throw new Error(`nobody has come to ${JSON.stringify(this.place)}`);
      return { pid: row.pid, process: clientAt(this.witness, row.port) };
    }, 30_000);
  }

  /** Lets everybody go on, and is gone. */
  async release(): Promise<void> {
    await this.held.query(`SELECT pg_advisory_unlock_all()`);
    await this.held.query(`DROP TRIGGER latch ON ${this.place.table}`);
    await this.held.end();
  }

  /** Lets everybody go on; resolves when the one that was caught has nothing left to do. */
  async finish({ pid }: Caught): Promise<void> {
    await this.held.query(`SELECT pg_advisory_unlock_all()`);
    await eventually(async () => {
      const busy = await this.witness.rows(`SELECT FROM pg_stat_activity WHERE pid = $1 AND state = 'active'`, [pid]);
      if (busy.length > 0) throw new Error(`backend ${pid} is still at work`);
    });
  }
}

/** Which of the system's processes holds the other end of a connection to PostgreSQL. */
function clientAt({ system }: Witness, port: number): SupervisedProcess {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const sockets = ['tcp', 'tcp6'].flatMap((kind) => readFileSync(`/proc/net/${kind}`, 'utf8').split('\n'));
  const inode = sockets.map((line) => line.trim().split(/\s+/)).find(([, local]) => local?.endsWith(wanted))?.[9];
  for (const process of servicesOf(system)) {
    if (process.pid !== undefined && holds(process.pid, `socket:[${inode}]`)) return process;
  }
  throw new Error(`No service holds port ${port}`);
}

function holds(pid: number, socket: string): boolean {
  return readdirSync(`/proc/${pid}/fd`).some((fd) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${fd}`) === socket;
    } catch {
      // Closed meanwhile.
      return false;
    }
  });
}

const NAMES = ['auth', 'customers', 'sales', 'billing'];

/** The processes that hold connections to PostgreSQL: one or two of each service. */
export function servicesOf(system: Witness['system']): SupervisedProcess[] {
  return NAMES.flatMap((name) => [name, `${name}-2`]).flatMap((name) => {
    try {
      return [system.process(name)];
    } catch {
      return [];
    }
  });
}

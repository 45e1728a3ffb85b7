import type { Client } from 'pg';
import type { DatabaseService } from '#embedded/provision-sql';
import { eventually } from '#testing/eventually';
import type { Witness } from '../../oracles/witness.js';

/** Where it holds: `written` after a statement, its COMMIT not yet sent; `committing` when nothing can stop that. */
export interface Place {
  service: DatabaseService;
  table: string;
  by: 'INSERT' | 'UPDATE';
  when: 'written' | 'committing';
}

const KEY = 1_122_334;

/**
 * Holds up whoever of a service writes to a table, from within PostgreSQL: so its process can be struck at a point of
 * its work that no signal from outside would hit, and the product needs no hook for it.
 */
export class Latch {
  private constructor(
    private readonly witness: Witness,
    private readonly holder: Client,
    private readonly place: Place,
  ) {}

  static async set(witness: Witness, place: Place): Promise<Latch> {
    const holder = await witness.connection();
    const [kind, timing] =
      place.when === 'written' ? ['TRIGGER', ''] : ['CONSTRAINT TRIGGER', 'DEFERRABLE INITIALLY DEFERRED'];
    await holder.query(`SELECT pg_advisory_lock(${KEY})`);
    await holder.query(`CREATE OR REPLACE FUNCTION public.latch() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        PERFORM pg_advisory_xact_lock_shared(${KEY});
        RETURN NEW;
      END $$`);
    await holder.query(`CREATE ${kind} latch AFTER ${place.by} ON ${place.service}.${place.table} ${timing}
      FOR EACH ROW EXECUTE FUNCTION public.latch()`);
    return new Latch(witness, holder, place);
  }

  /** Waits until somebody is held up, and gives his backend. */
  async caught(): Promise<number> {
    const find = async () => {
      const [row] = await this.witness.rows<{ pid: number }>(
        `SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = ${KEY} AND NOT granted LIMIT 1`,
      );
      if (!row) throw new Error(`Nobody has come to ${JSON.stringify(this.place)}`);
      return row.pid;
    };
    return eventually(find, 30_000, 20);
  }

  /** Lets everybody go on; resolves when that one has done what he was about to do. */
  async letGo(backend: number): Promise<void> {
    await this.holder.query(`SELECT pg_advisory_unlock(${KEY})`);
    await eventually(async () => {
      const busy = await this.witness.rows(`SELECT FROM pg_stat_activity WHERE pid = $1 AND state = 'active'`, [
        backend,
      ]);
      expect(busy).toEqual([]);
    }, 10_000);
  }

  /** Is gone, and lets everybody go on who is still there. */
  async remove(): Promise<void> {
    await this.holder.query(`SELECT pg_advisory_unlock_all()`);
    await this.holder.query(`DROP TRIGGER latch ON ${this.place.service}.${this.place.table}`);
    await this.holder.end();
  }
}

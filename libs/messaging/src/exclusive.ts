import type { Logger } from '@nestjs/common';
import type { PoolClient } from 'pg';
import type { DataSource, QueryRunner } from 'typeorm';
import { reasonOf } from './faults.js';
import { pause } from './pause.js';

/** How long a replica stands in line for what another one holds before it sees whether it is to go, ms. */
const STANDBY = 1_000;
/** A fault after so long, in ms, has nothing to do with the one before. */
const STEADY = 30_000;
const AFTER_FAULT = [100, 500, 1_000, 2_000, 5_000] as const;

export interface Exclusive {
  dataSource: DataSource;
  /** Name of the lock, one holder at a time in this database. */
  lock: string;
  signal: AbortSignal;
  logger: Pick<Logger, 'error' | 'warn' | 'debug'>;
}

/**
 * Runs `work` in one replica at a time, until the signal comes. The advisory lock lies on the connection that `work` is
 * given: with the connection the lock is lost, and with it whatever was not committed, so two holders can't interfere.
 * `lost` tells of it. Whatever `work` throws is logged, and it starts anew, maybe elsewhere.
 */
export async function runExclusively(
  { dataSource, lock, signal, logger }: Exclusive,
  work: (runner: QueryRunner, lost: AbortSignal) => Promise<void>,
): Promise<void> {
  let faults = 0;
  while (!signal.aborted) {
    const began = performance.now();
    try {
      await holding(dataSource, lock, signal, work);
      faults = 0;
    } catch (error) {
      if (signal.aborted) return;
      if (performance.now() - began > STEADY) faults = 0;
      logger.warn(`${lock}: ${reasonOf(error)}; starting again`);
      await pause(AFTER_FAULT[Math.min(faults++, AFTER_FAULT.length - 1)] ?? 0, signal);
    }
  }
}

async function holding(
  dataSource: DataSource,
  lock: string,
  signal: AbortSignal,
  work: (runner: QueryRunner, lost: AbortSignal) => Promise<void>,
): Promise<void> {
  const runner = dataSource.createQueryRunner();
  const lost = new AbortController();
  try {
    const client = (await runner.connect()) as PoolClient;
    const onLost = () => lost.abort();
    client.once('end', onLost).once('error', onLost);
    try {
      if (!(await standInLine(runner, lock))) return;
      try {
        await work(runner, AbortSignal.any([signal, lost.signal]));
      } finally {
        await letGo(runner, client, lock);
      }
    } finally {
      client.off('end', onLost).off('error', onLost);
    }
  } finally {
    await runner.release();
  }
}

async function letGo(runner: QueryRunner, client: PoolClient, lock: string): Promise<void> {
  try {
    if (runner.isTransactionActive) await runner.rollbackTransaction();
    await client.query('UNLISTEN *');
    await runner.query(`SELECT pg_advisory_unlock(hashtextextended($1, 0))`, [lock]);
  } catch {
    // A connection that still holds the lock must not go back to the pool. Closing it frees the lock.
    await (client as unknown as { end(): Promise<void> }).end().catch(() => undefined);
  }
}

/** In line, so that it takes over at the moment when the other lets go: readers wait for what is done under the lock. */
async function standInLine(runner: QueryRunner, lock: string): Promise<boolean> {
  try {
    await runner.startTransaction();
    await runner.query(`SET LOCAL lock_timeout = ${STANDBY}`);
    await runner.query(`SELECT pg_advisory_lock(hashtextextended($1, 0))`, [lock]);
    await runner.commitTransaction();
    return true;
  } catch (error) {
    if (runner.isTransactionActive) await runner.rollbackTransaction();
    if ((error as { code?: unknown }).code === LOCK_NOT_AVAILABLE) return false;
    throw error;
  }
}

const LOCK_NOT_AVAILABLE = '55P03';

import { AppError } from '#contracts/errors';

/** Thrown by a projection when an event can't be applied yet: one that must come before it is not there. */
export class Retry extends Error {
  constructor(message = 'not yet') {
    super(message);
    this.name = 'Retry';
  }
}

/** Connection, resources, shutdown; serialization failure, deadlock, lock not available (PostgreSQL, appendix A). */
const TRANSIENT_STATES = /^(08...|53...|57P0[1-5]|40001|40P01|55P03)$/;
const TRANSIENT_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN']);
/** What pg and TypeORM say, without a code, about a connection that is gone or can't be had. */
const TRANSIENT_MESSAGES =
  /connection terminated|connection ended|not queryable|timeout exceeded when trying to connect|timeout expired|query runner (was )?already released|connection is not established|driver not connected|client was closed/i;

/** A statement that took longer than it may. */
const CANCELED = '57014';

/**
 * What a caller is told when the database is what is wrong: `unavailable` or `timeout`, and the same again later may
 * well work. Undefined: it is something else.
 */
export function databaseFault(error: unknown): AppError | undefined {
  if ((error as { code?: unknown } | undefined)?.code === CANCELED) return new AppError('timeout', 'timed-out');
  return isTransient(error) ? new AppError('unavailable', 'unavailable') : undefined;
}

/** Whether the database, not the message, is what is wrong: the same again later may well work. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: unknown };
  if (typeof code === 'string' && (TRANSIENT_STATES.test(code) || TRANSIENT_CODES.has(code))) return true;
  if (TRANSIENT_MESSAGES.test(error.message)) return true;
  const { driverError } = error as { driverError?: unknown };
  return isTransient(driverError ?? error.cause);
}

/** For the log and the parked row: what happened, in one line. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

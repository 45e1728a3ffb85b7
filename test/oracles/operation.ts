/** An answer over HTTP, or its absence. */
export interface Attempt {
  /** Undefined: the connection was refused or closed, or no answer came. */
  status: number | undefined;
  body: unknown;
  /** Until its headers were there, ms. */
  ms: number;
  /** How the connection ended, when there is no status. */
  fault?: string;
}

export interface Request {
  method: 'POST' | 'PATCH' | 'DELETE';
  /** Below `/api/v1`. */
  path: string;
  body?: object;
}

/** One thing that a user asked for, with every answer that he got to it. */
export interface Operation {
  kind: string;
  who: string;
  request: Request;
  /** Its Idempotency-Key, of a POST. */
  key: string;
  /** What its effect is known by in the database. */
  mark: string;
  /** How many traces its whole effect leaves there. */
  size: number;
  attempts: Attempt[];
}

export type Outcome = 'acknowledged' | 'refused' | 'unknown';

/** What its user may count on: it is done, it is not done, or one of both. */
export function outcomeOf({ attempts }: Operation): Outcome {
  if (attempts.some(isDone)) return 'acknowledged';
  return attempts.length > 0 && attempts.every(isRefused) ? 'refused' : 'unknown';
}

export const isDone = ({ status = 0 }: Attempt): boolean => status >= 200 && status < 300;
/** A client's fault is told before anything is done; what comes after a lost answer may speak of the effect itself. */
export const isRefused = ({ status = 0 }: Attempt): boolean => status >= 400 && status < 500;

export function told(operation: Operation): string {
  const answers = operation.attempts.map(({ status, ms, fault }) => `${status ?? fault ?? 'nothing'} in ${ms | 0} ms`);
  const { kind, who, mark, key, request } = operation;
  return `${kind} ${mark} by ${who} (${request.method} ${request.path}, key ${key}): ${answers.join(', ')}`;
}

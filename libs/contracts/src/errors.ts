import { z } from 'zod';

/** Every kind of failure, with the HTTP status that the gateway gives it. */
export const ERROR_STATUS = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  'method-not-allowed': 405,
  conflict: 409,
  'precondition-failed': 412,
  'too-large': 413,
  'unsupported-media-type': 415,
  'rule-violated': 422,
  'precondition-required': 428,
  'too-many-requests': 429,
  internal: 500,
  unavailable: 503,
  timeout: 504,
} as const;

export type ErrorKind = keyof typeof ERROR_STATUS;

/** What is wrong with a field: its code for good, an English message, and what the message speaks of. */
export const fault = {
  code: z.string(),
  message: z.string(),
  /** For whoever words it in another language; `limit` is the least or the most that is allowed. */
  params: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
};

/** A wrong field: `pointer` is its JSON pointer (RFC 6901) in the request's body, or `?name` for a query parameter. */
export const FieldFault = z.object({ pointer: z.string(), ...fault });
export type FieldFault = z.infer<typeof FieldFault>;

/** The error as it travels on the bus. `details` are members of the problem document, beside the standard ones. */
export const ErrorBody = z.object({
  kind: z.enum(Object.keys(ERROR_STATUS) as [ErrorKind, ...ErrorKind[]]),
  slug: z.string(),
  details: z.record(z.string(), z.unknown()).default({}),
});
export type ErrorBody = z.infer<typeof ErrorBody>;

/**
 * The one error that code throws on purpose. `slug` names it for good (`possible-duplicate`); it becomes the problem's
 * `type` and the key of its message in each language. Reserved details: `errors` (FieldFault[]), `retryAfter` (seconds).
 */
export class AppError extends Error {
  constructor(
    readonly kind: ErrorKind,
    readonly slug: string,
    readonly details: Record<string, unknown> = {},
  ) {
    super(`${kind}/${slug}`);
    this.name = 'AppError';
  }

  toBody(): ErrorBody {
    return { kind: this.kind, slug: this.slug, details: this.details };
  }

  static from(body: ErrorBody): AppError {
    return new AppError(body.kind, body.slug, body.details);
  }
}

export const notFound = () => new AppError('not-found', 'not-found');
export const staleVersion = (current: unknown) => new AppError('precondition-failed', 'stale-version', { current });
export const forbidden = (slug = 'forbidden') => new AppError('forbidden', slug);

/** So many are named: a request of a megabyte could have as many faults as bytes. */
const FAULTS_NAMED = 100;

/**
 * Turns zod's issues into the list of wrong fields, the first hundred of them. Unknown keys are named one by one. Parse
 * with `reportInput: true`: without it a wrong type can't be told from a missing field.
 */
export function fieldFaults(error: z.core.$ZodError, prefix = ''): FieldFault[] {
  const step = (part: PropertyKey) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`;
  const faults = error.issues.flatMap((issue) => {
    const at = prefix + issue.path.map(step).join('');
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({ pointer: at + step(key), code: 'unknown-field', message: 'Unknown field' }));
    }
    const missing = (issue.code === 'invalid_type' || issue.code === 'invalid_value') && issue.input === undefined;
    if (missing) return [{ pointer: at, code: 'required', message: 'Required' }];
    return [{ pointer: at, code: issue.code.replaceAll('_', '-'), message: issue.message, ...limitOf(issue) }];
  });
  return faults.slice(0, FAULTS_NAMED);
}

function limitOf(issue: z.core.$ZodIssue): Pick<FieldFault, 'params'> | undefined {
  if ((issue.code !== 'too_small' && issue.code !== 'too_big') || issue.inclusive === false) return undefined;
  return { params: { limit: Number(issue.code === 'too_small' ? issue.minimum : issue.maximum) } };
}

/** Parses untrusted input, or throws `invalid/validation` naming every wrong field. */
export function parseOrThrow<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const result = schema.safeParse(input, { reportInput: true });
  if (result.success) return result.data;
  throw new AppError('invalid', 'validation', { errors: fieldFaults(result.error) });
}

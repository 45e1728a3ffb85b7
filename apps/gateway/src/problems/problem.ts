import type { Language } from '#contracts/common';
import { ERROR_STATUS, type AppError, type FieldFault } from '#contracts/errors';
import { worded } from './faults.js';
import { titleOf } from './messages.js';

export const PROBLEM_JSON = 'application/problem+json; charset=utf-8';

/** Seconds after which it is worth asking again, where the error itself doesn't tell. */
const RETRY_AFTER: Partial<Record<AppError['kind'], number>> = { unavailable: 1, timeout: 1, 'too-many-requests': 5 };

export interface Problem {
  status: number;
  headers: Record<string, string>;
  /** RFC 9457. The same error gives the same bytes; what tells one request from the next travels in headers. */
  body: Record<string, unknown>;
}

/** An error as the caller gets it. Of internal ones he learns nothing but that they happened. */
export function problemOf(error: AppError, language: Language, method = 'POST'): Problem {
  const internal = error.kind === 'internal';
  const slug = internal ? 'internal' : error.slug;
  const { retryAfter, errors, ...members } = internal ? {} : error.details;
  const status = ERROR_STATUS[error.kind];
  const seconds = typeof retryAfter === 'number' ? Math.ceil(retryAfter) : RETRY_AFTER[error.kind];
  return {
    status,
    headers: {
      'content-language': language,
      vary: 'Accept-Language',
      ...(seconds !== undefined && { 'retry-after': String(seconds) }),
      ...(error.kind === 'unauthenticated' && { 'www-authenticate': 'Bearer' }),
    },
    body: {
      type: `urn:hongfuxing:problem:${slug}`,
      title: titleOf(slug, error.kind, language),
      status,
      ...(Array.isArray(errors) && {
        errors: errors.map((fault: FieldFault) => worded(located(fault, method), language)),
      }),
      ...members,
    },
  };
}

/**
 * Services point into their own message; the caller knows his request: a patch and a payment are its whole body, and a
 * route without a body has its parameters in the query.
 */
function located(fault: FieldFault, method: string): FieldFault {
  const pointer = fault.pointer.replace(/^\/(patch|payment)(?=\/|$)/, '');
  return { ...fault, pointer: method === 'GET' ? pointer.replace(/^\//, '?') : pointer };
}

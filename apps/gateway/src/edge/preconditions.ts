import { AppError } from '#contracts/errors';

/**
 * The version that a change is made upon: `"3"`, or `*` for whichever. Undefined without the header.
 * Errors: `invalid/if-match-malformed`, for weak tags and lists of tags too: they can't name one version.
 */
export function parseIfMatch(header: string | undefined): number | '*' | undefined {
  if (header === undefined || header.trim() === '*') return header?.trim() as '*' | undefined;
  const version = /^"([1-9]\d{0,14})"$/.exec(header.trim())?.[1];
  if (version === undefined) throw new AppError('invalid', 'if-match-malformed');
  return Number(version);
}

/** Errors: `invalid/idempotency-key-malformed` for anything but 1 to 200 printable ASCII characters. */
export function parseIdempotencyKey(header: string | string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  if (typeof header === 'string' && /^[\x21-\x7e]([\x20-\x7e]{0,198}[\x21-\x7e])?$/.test(header)) return header;
  throw new AppError('invalid', 'idempotency-key-malformed');
}

/** The trace that a request belongs to, if it names one in the form of W3C Trace Context. */
export function parseTraceparent(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' && /^00-(?!0{32})[\da-f]{32}-(?!0{16})[\da-f]{16}-[\da-f]{2}$/.test(header)
    ? header
    : undefined;
}

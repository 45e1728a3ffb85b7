/** The time on this machine, ms since 1970. */
export function now(): number {
  // eslint-disable-next-line no-restricted-syntax -- here it is
  return Date.now();
}

/** The day that it is in a zone, or on this machine, `YYYY-MM-DD`. */
export const dayIn = (zone?: string, at = now()): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: zone }).format(at);

const SECRET = /password|token|secret/i;
/** Shorter ones may stand anywhere by chance. */
const TELLING = 10;

/** The passwords and tokens that a body holds, however deep. */
export function secretsIn(body: unknown): string[] {
  if (typeof body !== 'object' || body === null) return [];
  return Object.entries(body).flatMap(([key, value]) =>
    typeof value === 'string' ? (SECRET.test(key) && value.length >= TELLING ? [value] : []) : secretsIn(value),
  );
}

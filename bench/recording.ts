/**
 * The bare server runs what the product runs: the statements of each operation are learnt, at the start of every
 * measurement, from the database's log of two of the product's requests. What the two requests were made with, and what
 * the product made anew for each (ids), become gaps; everything else stays as it was.
 */
import type { DatabaseService } from '#embedded/provision-sql';
import type { Operation, Request } from './operations.js';
import type { Logged, StatementLog } from './statements.js';

/** Text with gaps: `['{"id": "', { gap: 'new0' }, '"}']`. */
export type Template = (string | { gap: string })[];

export interface Statement {
  service: DatabaseService;
  /** Those of one connection carry the same number, from `BEGIN` to `COMMIT`. */
  session: number;
  text: string;
  values: (Template | null)[];
}

/** What one request runs, in this order. */
export type Recording = Statement[];

const TRIES = 20;

/** `send` sends a request of the operation and gives what it was. Errors: requests that don't do the same twice. */
export async function record(
  { databases }: Operation,
  log: StatementLog,
  send: () => Promise<Request>,
  fromProduct: (application: string) => boolean = () => true,
): Promise<Recording> {
  const once = async () => {
    let request: Request | undefined;
    const logged = await log.during(async () => void (request = await send()));
    const own = logged.filter(({ service, application }) => databases.includes(service) && fromProduct(application));
    return { own, request: request! };
  };
  let before = await once();
  for (let tries = 0; tries < TRIES; tries++) {
    const now = await once();
    if (before.own.length > 0 && sameTexts(before.own, now.own)) return generalize(before, now);
    before = now;
  }
  const texts = before.own.map(({ text }) => text).join('\n');
  throw new Error(`The statements differ from one request to the next; the last ones were:\n${texts}`);
}

export const textsOf = (statements: readonly { service: string; text: string }[]) =>
  statements.map(({ service, text }) => `${service}: ${text.replaceAll(/\s+/g, ' ').trim()}`);

const sameTexts = (one: Logged[], other: Logged[]) => String(textsOf(one)) === String(textsOf(other));

interface Taken {
  own: Logged[];
  request: Request;
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

function generalize(one: Taken, other: Taken): Recording {
  const sessions = [...new Set(one.own.map(({ session }) => session))];
  const values = one.own.map(({ values: row }) => row.map((value) => value && withGaps(value, one.request.varies)));
  const others = other.own.map(({ values: row }) => row.map((value) => value && withGaps(value, other.request.varies)));
  const idsOf = (rows: (string | null)[][]) => new Set(rows.flat().flatMap((value) => value?.match(UUID) ?? []));
  const kept = idsOf(others);
  // An id that the other request did not have was made for this one.
  const made = [...idsOf(values)].filter((id) => !kept.has(id));
  const fresh = Object.fromEntries(made.map((id, place) => [`new${place}`, id]));
  return one.own.map(({ service, session, text }, at) => ({
    service,
    session: sessions.indexOf(session),
    text,
    values: values[at]!.map((value) => (value === null ? null : split(withGaps(value, fresh)))),
  }));
}

// Characters of Unicode's private area, which stand in no real value.
const OPEN = '\uE000';
const CLOSE = '\uE001';

function withGaps(value: string, varies: Record<string, string>): string {
  let text = value;
  for (const [gap, found] of Object.entries(varies)) text = text.replaceAll(found, `${OPEN}${gap}${CLOSE}`);
  return text;
}

function split(text: string): Template {
  return text.split(OPEN).flatMap((part, place): Template => {
    if (place === 0) return [part];
    const end = part.indexOf(CLOSE);
    return [{ gap: part.slice(0, end) }, part.slice(end + 1)];
  });
}

export function fill(template: Template, gaps: Record<string, string>): string {
  let text = '';
  for (const part of template) text += typeof part === 'string' ? part : gaps[part.gap];
  return text;
}

import { createHash } from 'node:crypto';
import { z } from 'zod';
import { AppError } from '#contracts/errors';

/** What a cursor belongs to: another actor, or another filter, can't use it. */
export interface CursorBinding {
  actorId: string;
  filter: Record<string, unknown>;
}

const Position = z.array(z.union([z.string(), z.number(), z.null()])).max(8);
type Position = z.infer<typeof Position>;
const Cursor = z.tuple([z.string(), Position]);

/** An opaque place in a list: the sort keys of the last row shown. */
export function encodeCursor(binding: CursorBinding, position: Position): string {
  return Buffer.from(JSON.stringify([fingerprint(binding), position])).toString('base64url');
}

/** Errors: `invalid/validation` at `?cursor` for one that is malformed or was made for another list. */
export function decodeCursor(binding: CursorBinding, cursor: string | undefined): Position | undefined {
  if (cursor === undefined) return undefined;
  const parsed = Cursor.safeParse(parseJson(Buffer.from(cursor, 'base64url').toString('utf8')));
  if (parsed.success && parsed.data[0] === fingerprint(binding)) return parsed.data[1];
  const errors = [{ pointer: '?cursor', code: 'invalid-cursor', message: 'Not a cursor of this list' }];
  throw new AppError('invalid', 'validation', { errors });
}

/** Cuts the one row too many that tells whether there is a next page. */
export function pageOf<T>(
  rows: T[],
  limit: number,
  binding: CursorBinding,
  position: (row: T) => Position,
): { items: T[]; nextCursor: string | null } {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last ? encodeCursor(binding, position(last)) : null };
}

function fingerprint({ actorId, filter }: CursorBinding): string {
  const { limit: _limit, cursor: _cursor, ...rest } = filter;
  const entries = Object.entries(rest).filter(([, value]) => value !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([actorId, entries]))
    .digest('base64url')
    .slice(0, 16);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

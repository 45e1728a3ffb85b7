import { createHash } from 'node:crypto';
import { z } from 'zod';
import { BusinessDate, Id } from '#contracts/common';
import { AppError } from '#contracts/errors';

/** What a cursor belongs to: another actor, or another filter, can't use it. */
export interface CursorBinding {
  actorId: string;
  filter: Record<string, unknown>;
}

type Position = string[];

/** An opaque place in a list: the sort keys of the last row shown. */
export function encodeCursor(binding: CursorBinding, position: Position): string {
  return Buffer.from(JSON.stringify([fingerprint(binding), position])).toString('base64url');
}

/** What a list is sorted by: the shape of its positions. */
export const byId = z.tuple([Id]);
export const byDateAndId = z.tuple([BusinessDate, Id]);
const sortable = z
  .string()
  .max(1_000)
  .refine((text) => !text.includes('\0') && text.isWellFormed());
export const byText = z.tuple([sortable]);
export const byTextAndId = z.tuple([sortable, Id]);
/** A point in time as PostgreSQL writes it, in UTC. */
const moment = z.string().regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?\+00$/);
export const byMomentAndId = z.tuple([moment.refine((text) => !Number.isNaN(Date.parse(text))), Id]);

/** Errors: `invalid/validation` at `?cursor` for one that is malformed or was made for another list. */
export function decodeCursor<S extends z.ZodType<Position>>(
  binding: CursorBinding,
  cursor: string | undefined,
  shape: S,
): z.output<S> | undefined {
  if (cursor === undefined) return undefined;
  const [owner, place] = parseJson(Buffer.from(cursor, 'base64url').toString('utf8'));
  const position = shape.safeParse(place);
  if (owner === fingerprint(binding) && position.success) return position.data;
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

function parseJson(text: string): unknown[] {
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) ? parsed : [];
  } catch {
    return [];
  }
}

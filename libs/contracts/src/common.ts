import { z } from 'zod';

export const Id = z.uuid();
/** A business date without a zone, `YYYY-MM-DD`. */
export const BusinessDate = z.iso.date();
export const Timestamp = z.iso.datetime({ offset: true });
export const Version = z.int().positive();

/** An amount of money with at most 2 decimals, as a string: `"1234.50"`. */
export const Money = z.string().regex(/^-?\d{1,15}(\.\d{1,2})?$/, 'An amount with at most 2 decimals, as a string');
export const NonNegativeMoney = Money.regex(/^\d/, 'Not a negative amount');
/** A quantity with at most 3 decimals, as a string, more than zero. */
export const Quantity = z
  .string()
  .regex(/^\d{1,12}(\.\d{1,3})?$/, 'A quantity with at most 3 decimals, as a string')
  .regex(/[1-9]/, 'More than zero');

/** A span of whole months or days: `P1M`, `P90D`. */
export const Span = z.string().regex(/^P[1-9]\d{0,2}[MD]$/, 'Such as P1M or P90D');

// No name or note holds them, and PostgreSQL refuses NUL.
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;
const plain = (value: string) => !CONTROL.test(value) && value.isWellFormed();

/** One line of text, trimmed, 1 to `max` characters. */
export const line = (max = 200) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .refine((value) => plain(value) && !/[\r\n]/.test(value), 'Characters that are not text');

/** Free text over several lines, up to `max` characters. */
export const prose = (max = 4_000) => z.string().max(max).refine(plain, 'Characters that are not text');

export const Tag = line(40);

/** `limit` and `cursor` of every list. */
export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(2_000).optional(),
};

/** Of a list or a sum: only what belongs to owners in this team, or in one below it. */
export const teamQuery = { teamId: Id.optional() };

const REPEATABLE = z.registry<object>();

/** A query parameter that may be given more than once, at most `max` times: a list, also of one. */
export function repeated<T extends z.ZodType<unknown, string>>(item: T, max: number) {
  const schema = z
    .union([z.array(item).min(1).max(max), item])
    .transform((given) => (Array.isArray(given) ? given : [given]) as z.output<T>[]);
  REPEATABLE.add(schema, {});
  return schema;
}

export const mayRepeat = (schema: unknown): boolean =>
  schema instanceof z.ZodOptional ? mayRepeat(schema.unwrap()) : schema instanceof z.ZodType && REPEATABLE.has(schema);

export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });
export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

export const Empty = z.strictObject({});
export const Done = z.object({});

/** Languages of messages and letters. */
export const Language = z.enum(['zh-Hans', 'zh-Hant', 'en']);
export type Language = z.infer<typeof Language>;

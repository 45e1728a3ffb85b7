import type { FieldChange } from '../customer/customer.entity.js';

/** What stands where a person was named. */
export const BLANK = '***';

/** A shorter word is part of too many others. */
const SHORTEST = 2;

/** How a contact is called and reached. */
export interface NamedPerson {
  name: string;
  phone: string | null;
  mobile: string | null;
  email: string | null;
  wechat: string | null;
}

/** All of a contact that the log may have told; whether it was the primary one names nobody. */
const NAMING = new Set(['name', 'title', 'phone', 'mobile', 'email', 'wechat', 'birthday', 'note']);

/** By what people are found in what was written of them: their names and numbers, and what else they are called. */
export function wordsFor(people: readonly NamedPerson[], further: readonly string[] = []): string[] {
  const called = people.flatMap(({ name, phone, mobile, email, wechat }) => [name, phone, mobile, email, wechat]);
  const words = [...called, ...further].filter((word): word is string => word !== null && word.length >= SHORTEST);
  // The longest first: of an address that begins with a name nothing is to stay.
  return [...new Set(words)].filter((word) => word !== BLANK).sort((one, other) => other.length - one.length);
}

/** Any of the words; of none it finds nothing. */
export const patternOf = (words: readonly string[]): RegExp =>
  words.length === 0 ? /(?!)/ : new RegExp(words.map(literally).join('|'), 'giu');

/** The same value, wherever in it the words were blanked. */
export function blanked<T>(value: T, pattern: RegExp): T {
  return deepBlanked(value, pattern) as T;
}

/** What a contact's entry in the log still tells: which fields changed, and not from what to what. */
export const blankedChanges = (changes: readonly FieldChange[]): FieldChange[] =>
  changes.map((change) => (NAMING.has(change.field) ? { ...change, from: null, to: null } : change));

function deepBlanked(value: unknown, pattern: RegExp): unknown {
  if (typeof value === 'string') return value.replace(pattern, BLANK);
  if (Array.isArray(value)) return value.map((one) => deepBlanked(one, pattern));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, deepBlanked(one, pattern)]));
}

const literally = (word: string) => word.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');

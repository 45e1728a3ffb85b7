import type { z } from 'zod';

export interface Malformed {
  what: string;
  body: string | Uint8Array;
}

/** What no parser takes for JSON. */
const NO_JSON: Malformed[] = [
  { what: 'words', body: 'oops' },
  { what: 'half of it', body: '{"id":' },
  { what: 'bytes', body: Uint8Array.of(0x00, 0xff, 0xfe, 0xc3, 0x28) },
  { what: 'two at once', body: '{}{}' },
  { what: 'UTF-16', body: Buffer.from('\ufeff{}', 'utf16le') },
];

/** What stands in the place of a whole message, or of any of its members. */
const WRONG = [
  ...['null', 'true', '0', '-1', '1e999', '""', '"\\u0000"', '"\\ud800"', '[]', '[null]', '{}', '{"$ne":null}'],
  ...['"01900000-0000-7000-8000-000000000000"', `"${"'; DROP TABLE users; --".repeat(100)}"`],
];
const MORE = ['"__proto__":{"role":"administrator"}', '"actor":{"role":"administrator"}', '"constructor":1'];

/** Made of a message that is right: every member wrong, missing or doubled in turn; those that the contract refuses. */
export function malformed(contract: z.ZodType, right: unknown): Malformed[] {
  const json = ['', ...WRONG, '['.repeat(5_000) + ']'.repeat(5_000), ...spoilt(right)];
  return [...NO_JSON, ...json.filter((body) => refuses(contract, body)).map((body) => ({ what: body, body }))];
}

/** Hardly what any contract has in mind: a word as large as a message may be, and what costs more to parse, a tenth of it. */
export function oversized(size: number): (Malformed & { value: unknown })[] {
  const tenth = Math.floor(size / 10);
  const keys = Array.from({ length: tenth / 12 }, (_, n) => `"${String(n).padStart(7, 'k')}":0`).join();
  const kinds = {
    'members without end': `{${keys}}`,
    'lists in lists': '['.repeat(tenth / 2) + ']'.repeat(tenth / 2),
    'a word': `"${'x'.repeat(size - 2)}"`,
    'items without end': `[${'0,'.repeat(tenth / 2 - 2)}0]`,
  };
  return Object.entries(kinds).map(([what, body]) => ({ what, body, value: JSON.parse(body) as unknown }));
}

const refuses = (contract: z.ZodType, body: string) =>
  !contract.safeParse(body === '' ? undefined : JSON.parse(body)).success;

function spoilt(right: unknown): string[] {
  if (typeof right !== 'object' || right === null) return [];
  const members = Object.entries(right).map(([name, value]) => [JSON.stringify(name), value] as const);
  const whole = (parts: readonly string[]) => (Array.isArray(right) ? `[${parts.join()}]` : `{${parts.join()}}`);
  const part = ([name, value]: readonly [string, unknown]) => written(right, name, JSON.stringify(value));
  const changed = members.flatMap((member, at) => {
    const before = members.slice(0, at).map(part);
    const after = members.slice(at + 1).map(part);
    const instead = [...WRONG, ...spoilt(member[1])].map((value) => written(right, member[0], value));
    return [whole([...before, ...after]), ...instead.map((one) => whole([...before, one, ...after]))];
  });
  return Array.isArray(right) ? changed : [...changed, ...MORE.map((more) => whole([...members.map(part), more]))];
}

const written = (of: object, name: string, value: string) => (Array.isArray(of) ? value : `${name}:${value}`);

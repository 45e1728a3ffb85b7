import fc from 'fast-check';

export type Schema = Record<string, unknown>;

/** Values of a JSON Schema as the API's description holds it; `$ref`s are looked up in `components`. */
export class Values {
  private depth = 0;

  constructor(
    private readonly components: Record<string, Schema>,
    /** Ids of things that there are, by what asks for them. */
    private readonly idFor: (name: string) => fc.Arbitrary<string>,
    /** Members whose values depend on what there is, by their names. */
    private readonly peculiar: Record<string, () => fc.Arbitrary<unknown>> = {},
  ) {}

  of(schema: Schema, name = ''): fc.Arbitrary<unknown> {
    this.depth += 1;
    try {
      return this.depth > 8 ? fc.constant(null) : this.made(this.resolve(schema), name);
    } finally {
      this.depth -= 1;
    }
  }

  /** The value that a schema stands for, with one part of it replaced by something hostile. */
  hostile(schema: Schema): fc.Arbitrary<unknown> {
    return fc.tuple(this.of(schema), HOSTILE, fc.nat()).map(([value, poison, where]) => poisoned(value, poison, where));
  }

  private made(schema: Schema, name: string): fc.Arbitrary<unknown> {
    const peculiar = this.peculiar[name];
    if (peculiar) return peculiar();
    if ('const' in schema) return fc.constant(schema.const);
    if (Array.isArray(schema.enum)) return fc.constantFrom(...(schema.enum as unknown[]));
    const variants = (schema.anyOf ?? schema.oneOf) as Schema[] | undefined;
    if (variants) return fc.oneof(...variants.map((variant) => this.of(variant, name)));
    switch (schema.type) {
      case 'object':
        return this.object(schema);
      case 'array':
        return fc.array(this.of((schema.items as Schema | undefined) ?? {}, singular(name)), {
          minLength: (schema.minItems as number | undefined) ?? 0,
          maxLength: 3,
        });
      case 'integer':
      case 'number':
        return fc.integer({ min: bound(schema.minimum, 0), max: bound(schema.maximum, 1_000) });
      case 'boolean':
        return fc.boolean();
      case 'string':
        return this.text(schema, name);
      default:
        return fc.constant(null);
    }
  }

  private object({ properties = {}, required = [] }: Schema): fc.Arbitrary<object> {
    const members = Object.entries(properties as Record<string, Schema>);
    const arbitraries = Object.fromEntries(members.map(([key, value]) => [key, this.of(value, key)]));
    const asked = members.map(([key]) => key).filter((key) => key in this.peculiar);
    return someOf(arbitraries, [...(required as string[]), ...asked]);
  }

  private text(schema: Schema, name: string): fc.Arbitrary<string> {
    const { format, minLength = 1, maxLength = 40 } = schema;
    if (format === 'uuid') return this.idFor(name);
    if (format === 'date') return DATE;
    if (format === 'date-time') return DATE.map((date) => `${date}T08:30:00+08:00`);
    if (format === 'email') return fc.constantFrom('a@example.com', 'li.lei@example.cn');
    const patterns = schema.patterns as string[];
    const likely = LIKELY.filter((value) => patterns.every((pattern) => new RegExp(pattern, 'u').test(value)));
    if (patterns.length > 0 && likely.length > 0) return fc.constantFrom(...likely);
    const unit = fc.constantFrom(...'中興通訊深圳市abcXYZ019');
    return fc.string({ unit, minLength: minLength as number, maxLength: Math.min(maxLength as number, 40) });
  }

  /** What a reference stands for, with all that it must be at once in one; of patterns it keeps each. */
  private resolve({ $ref, allOf = [], ...schema }: Schema): Schema {
    const parts = typeof $ref === 'string' ? [this.components[$ref.split('/').at(-1) ?? ''] ?? {}] : [];
    const resolved = [...parts, ...(allOf as Schema[])].map((part) => this.resolve(part));
    const all = [...resolved, schema];
    const patterns = all.flatMap(({ pattern, patterns = [] }) => [
      ...(patterns as string[]),
      ...(pattern ? [pattern as string] : []),
    ]);
    return { ...(Object.assign({}, ...all) as Schema), patterns };
  }
}

/**
 * What must be there, and some of what may be: mostly little of it, because much of what may be there alone is refused
 * together, and now and then a lot.
 */
export function someOf<T>(arbitraries: Record<string, fc.Arbitrary<T>>, required: string[]): fc.Arbitrary<object> {
  const optional = Object.keys(arbitraries).filter((key) => !required.includes(key));
  const only = (keys: string[]) => fc.record(Object.fromEntries(keys.map((key) => [key, arbitraries[key]!])));
  const few = fc.subarray(optional, { maxLength: Math.min(2, optional.length) });
  return fc.oneof(
    { weight: 2, arbitrary: few.chain((keys) => only([...required, ...keys])) },
    { weight: 1, arbitrary: fc.record(arbitraries, { requiredKeys: required }) },
  );
}

const DATE = fc.constantFrom('2024-02-29', '2025-01-31', '2025-06-30', '2026-01-01', '2099-12-31');
/** What a pattern of ours may ask for. */
const LIKELY = [
  ...['1.00', '980.50', '0', '-3.00', '2', '1.125', '08:30', 'P1M', 'P90D', '#1677ff', '2026-01', 'renkou', '518000'],
  ...['xinyonghu.01', 'region', 'true', 'Asia/Shanghai', 'key:value'],
];
const singular = (name: string) => name.replace(/s$/, '');
const bound = (value: unknown, otherwise: number) =>
  typeof value === 'number' && Math.abs(value) < 2 ** 31 ? value : otherwise;

const deep = (levels: number) => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`) as unknown;

/** What nobody sends who means well. */
export const HOSTILE: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    ...[
      null,
      true,
      0,
      -1,
      1e308,
      2 ** 53,
      1.5,
      '',
      ' ',
      '\u0000',
      'a\u0000b',
      '\ud800',
      '\u202e反轉',
      '\ufeff',
      '\r\n',
    ],
    ...[
      "' OR 1=1 --",
      '"; DROP TABLE customers; --',
      '%',
      '_',
      '\\',
      '${7*7}',
      '{{7*7}}',
      '../../etc/passwd',
      '<b>x</b>',
    ],
    ...[
      '=1+1',
      '9'.repeat(400),
      '-0',
      '1e5',
      'NaN',
      'Infinity',
      '0x10',
      '１２３',
      '2026-02-30',
      '0000-00-00',
      '9999-12-31',
    ],
    ...['00000000-0000-0000-0000-000000000000', 'P999999M', 'Not/AZone', 'x'.repeat(10_000), '中'.repeat(5_000)],
    ...[{ $gt: '' }, { $ne: null }, { constructor: 1 }, { toString: 'x' }, { length: 3 }, [[]], [null], {}, deep(200)],
  ),
  fc.jsonValue({ maxDepth: 3 }),
);

/** Puts `poison` in the place of one part of `value`, or beside its parts. */
function poisoned(value: unknown, poison: unknown, where: number): unknown {
  if (typeof value !== 'object' || value === null) return poison;
  const keys = Object.keys(value);
  const at = where % (keys.length + 2);
  if (at === keys.length) return poison;
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...value }) as Record<string, unknown>;
  const key = keys[at] ?? 'unheardOf';
  copy[key] = where % 2 === 0 ? poison : poisoned(copy[key], poison, Math.floor(where / 7));
  return copy;
}

import fc from 'fast-check';

const UNKNOWN = '0192f0c1-2b3c-7d4e-8f5a-6b7c8d9e0f1a';
/** So many of a kind are remembered: half of them the first ones, which have grown the most, and half the newest. */
const KEPT = 40;

interface CustomField {
  key: string;
  type: string;
  options?: string[];
  required: boolean;
}

/** What the API has told of: ids by the name under which they are asked for (`customerId`, `productId`). */
export class Things {
  private readonly ids = new Map<string, string[]>();
  private readonly gone = new Map<string, string[]>();
  /** What a thing belongs to, as it was told with it: `customerId` of a purchase. */
  private readonly parents = new Map<string, Record<string, string>>();
  private fields: CustomField[] = [];

  constructor(private readonly never: ReadonlySet<string>) {}

  /** Learns the ids of an answer: of the resource that it is about, and of whatever its members name. */
  learn(resource: string, body: unknown): void {
    if (Array.isArray(body)) return body.forEach((one) => this.learn(resource, one));
    if (typeof body !== 'object' || body === null) return;
    const { id, items } = body as { id?: unknown; items?: unknown };
    if (resource === 'CustomField' && Array.isArray(items)) this.fields = items as CustomField[];
    if (typeof id === 'string') this.parents.set(id, namedIn(body));
    for (const [key, value] of Object.entries(body)) {
      if (typeof value === 'object') this.learn(key === 'items' ? resource : key.replace(/s$/, ''), value);
      else if (key === 'id') this.keep(kindOf(resource), value);
      else if (key.endsWith('Id')) this.keep(kindOf(key), value);
    }
  }

  /** What was deleted is asked for now and then, as something else. */
  forget(name: string, id: string): void {
    const kind = kindOf(name);
    const known = this.ids.get(kind) ?? [];
    this.ids.set(
      kind,
      known.filter((one) => one !== id),
    );
    this.gone.set(kind, [id, ...(this.gone.get(kind) ?? [])].slice(0, KEPT));
  }

  /** One that there is, more often than not; else one of another kind, one that was deleted, or none at all. */
  idFor(name: string, pick: number): string {
    const own = this.ids.get(kindOf(name)) ?? [];
    const others = [...this.ids.values(), ...this.gone.values()].flat();
    if (pick % 10 < 7 && own.length > 0) return own[pick % own.length] as string;
    if (pick % 10 < 9 && others.length > 0) return others[pick % others.length] as string;
    return UNKNOWN;
  }

  /** A path's ids that belong together, if there are any: those of the last, and of what it belongs to. */
  path(names: string[], pick: number): Record<string, string> {
    return this.family(names, this.idFor(names.at(-1) ?? '', pick * 10), pick);
  }

  /** The same, of what was deleted. */
  pathOfGone(names: string[], pick: number): Record<string, string> {
    const gone = this.gone.get(kindOf(names.at(-1) ?? '')) ?? [];
    return this.family(names, gone[pick % gone.length] ?? UNKNOWN, pick);
  }

  /** Ids of the right kind, as long as there are any. */
  fitting = (name: string): fc.Arbitrary<string> => fc.nat().map((pick) => this.idFor(name, pick * 10));
  any = (name: string): fc.Arbitrary<string> => fc.nat().map((pick) => this.idFor(name, pick));

  /** Values of all the fields that a customer must have, and of some that he may have. */
  customFields = (): fc.Arbitrary<object> =>
    fc.nat().map((pick) => {
      const some = this.fields.filter(({ required }, index) => required || (pick >> (index % 30)) % 4 === 0);
      return Object.fromEntries(some.map((field) => [field.key, valueOf(field, pick)]));
    });

  private family(names: string[], id: string, pick: number): Record<string, string> {
    const of = this.parents.get(id) ?? {};
    const last = names.at(-1);
    return Object.fromEntries(
      names.map((name) => [name, name === last ? id : (of[name] ?? this.idFor(name, pick * 10))]),
    );
  }

  private keep(kind: string, id: unknown): void {
    if (typeof id !== 'string' || this.never.has(id)) return;
    if (this.gone.get(kind)?.includes(id)) return;
    const known = this.ids.get(kind) ?? [];
    if (known.includes(id)) return;
    const first = known.slice(0, KEPT / 2);
    this.ids.set(kind, [...first, ...known.slice(KEPT / 2).slice(1 - KEPT / 2), id]);
  }
}

/** Where a name doesn't end in what it names. */
const MEANT: Record<string, string> = {
  parent: 'category',
  renews: 'purchase',
  reverses: 'payment',
  to: 'status',
  owner: 'user',
  delegate: 'user',
  recipient: 'user',
  by: 'user',
};

/** `dunningNoticeId`, `noticeIds` and `DunningNotice` are all about a notice; users are named by what they are to a thing. */
function kindOf(name: string): string {
  const words = name.replace(/Ids?$/, '').match(/[A-Z]?[a-z]+/g) ?? [];
  const last = (words.at(-1) ?? name).toLowerCase().replace(/ies$/, 'y');
  const one = /ss$|us$/.test(last) ? last : last.replace(/s$/, '');
  return MEANT[one] ?? one;
}

function valueOf({ type, options = [] }: CustomField, pick: number): unknown {
  const values: Record<string, unknown> = { number: pick % 1_000, date: '2025-01-31', boolean: pick % 2 === 0 };
  return type === 'choice' ? options[pick % options.length] : (values[type] ?? '中興');
}

const namedIn = (body: object): Record<string, string> =>
  Object.fromEntries(Object.entries(body).filter(([key, value]) => key.endsWith('Id') && typeof value === 'string'));

import fc from 'fast-check';

const UNKNOWN = '0192f0c1-2b3c-7d4e-8f5a-6b7c8d9e0f1a';
/** So many of a kind are remembered. */
const KEPT = 40;

/** What the API has told of: ids by the name under which they are asked for (`customerId`, `productId`). */
export class Things {
  private readonly ids = new Map<string, string[]>();
  /** What a thing belongs to, as it was told with it: `customerId` of a purchase. */
  private readonly parents = new Map<string, Record<string, string>>();

  constructor(private readonly never: ReadonlySet<string>) {}

  /** Learns the ids of an answer: of the resource that was asked for, and of whatever its members name. */
  learn(resource: string, body: unknown): void {
    if (Array.isArray(body)) return body.forEach((one) => this.learn(resource, one));
    if (typeof body !== 'object' || body === null) return;
    const { id } = body as { id?: unknown };
    if (typeof id === 'string') this.parents.set(id, namedIn(body));
    for (const [key, value] of Object.entries(body)) {
      if (typeof value === 'object') this.learn(key === 'items' ? resource : key.replace(/s$/, ''), value);
      else if (key === 'id') this.keep(kindOf(`${resource}Id`), value);
      else if (key.endsWith('Id')) this.keep(kindOf(key), value);
    }
  }

  /** One that there is, more often than not; else one of another kind, one that isn't, or none at all. */
  idFor(name: string, pick: number): string {
    const own = this.ids.get(kindOf(name)) ?? [];
    const others = [...this.ids.values()].flat();
    if (pick % 10 < 7 && own.length > 0) return own[pick % own.length] as string;
    if (pick % 10 < 9 && others.length > 0) return others[pick % others.length] as string;
    return UNKNOWN;
  }

  /** A path's ids that belong together, if there are any: those of the last, and of what it belongs to. */
  path(names: string[], pick: number): Record<string, string> {
    const last = names.at(-1);
    if (last === undefined) return {};
    const id = this.idFor(last, pick * 10);
    const of = this.parents.get(id) ?? {};
    return Object.fromEntries(
      names.map((name) => [name, name === last ? id : (of[name] ?? this.idFor(name, pick * 10))]),
    );
  }

  /** Ids of the right kind, as long as there are any. */
  fitting = (name: string): fc.Arbitrary<string> => fc.nat().map((pick) => this.idFor(name, pick * 10));
  any = (name: string): fc.Arbitrary<string> => fc.nat().map((pick) => this.idFor(name, pick));

  private keep(name: string, id: unknown): void {
    if (typeof id !== 'string' || this.never.has(id)) return;
    const known = this.ids.get(name) ?? [];
    if (known.includes(id)) return;
    this.ids.set(name, [id, ...known].slice(0, KEPT));
  }
}

/** Users are named by what they are to a thing. */
const kindOf = (name: string): string =>
  /user|owner|delegate|recipient|soldBy|directory/i.test(name) ? 'userId' : name.replace(/s$/, '');

const namedIn = (body: object): Record<string, string> =>
  Object.fromEntries(Object.entries(body).filter(([key, value]) => key.endsWith('Id') && typeof value === 'string'));

import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import * as access from '#contracts/access';
import * as auth from '#contracts/auth';
import * as billing from '#contracts/billing';
import * as bulk from '#contracts/bulk';
import * as common from '#contracts/common';
import * as context from '#contracts/context';
import * as customFields from '#contracts/custom-fields';
import * as customers from '#contracts/customers';
import * as delegations from '#contracts/delegations';
import * as dunningNotices from '#contracts/dunning-notices';
import * as duplicates from '#contracts/duplicates';
import * as errors from '#contracts/errors';
import * as imports from '#contracts/imports';
import * as quotes from '#contracts/quotes';
import * as renewals from '#contracts/renewals';
import * as sales from '#contracts/sales';
import * as savedViews from '#contracts/saved-views';
import * as statistics from '#contracts/statistics';
import * as statuses from '#contracts/statuses';
import * as transfers from '#contracts/transfers';

export type JsonSchema = Record<string, unknown>;
type Direction = 'input' | 'output';

const CONTRACTS = [
  access,
  auth,
  billing,
  bulk,
  common,
  context,
  customFields,
  customers,
  delegations,
  dunningNotices,
  duplicates,
  errors,
  imports,
  quotes,
  renewals,
  sales,
  savedViews,
  statistics,
  statuses,
  transfers,
];
const NAMES = new Map(
  CONTRACTS.flatMap((module) => Object.entries(module)).flatMap(([name, value]) =>
    value instanceof z.ZodType ? [[value, name] as const] : [],
  ),
);

/**
 * The contracts' schemas as JSON Schema, with the contracts' own names as components. Ask for those of answers first: a
 * schema whose input looks different from its output gets a second component, named `…Input`, when it is used as both.
 */
export class Components {
  readonly schemas: Record<string, JsonSchema> = {};
  private readonly inAnswers = new Set<string>();
  private readonly twoFaced = new Map<z.ZodType, boolean>();

  /** A reference to the schema's component, or the schema itself if the contracts have no name for it. */
  of(schema: z.ZodType, direction: Direction): JsonSchema {
    const json = this.inline(schema, direction);
    const name = NAMES.has(schema) ? this.nameFor(schema, direction) : undefined;
    if (name === undefined) return json;
    this.add(name, json, direction);
    return { $ref: `#/components/schemas/${name}` };
  }

  /** The schema itself; what it refers to becomes components. */
  inline(schema: z.ZodType, direction: Direction): JsonSchema {
    const registry = z.registry<{ id: string }>();
    for (const named of NAMES.keys()) {
      if (named !== schema) registry.add(named, { id: this.nameFor(named, direction) });
    }
    const { $defs = {}, ...json } = toJson(schema, direction, registry);
    for (const [name, { id: _id, ...definition }] of Object.entries($defs as Record<string, JsonSchema>)) {
      this.add(name, located(definition), direction);
    }
    return located(json);
  }

  /** The schema that a reference stands for. */
  resolve({ $ref, ...schema }: JsonSchema): JsonSchema {
    return (typeof $ref === 'string' ? this.schemas[$ref.split('/').at(-1) ?? ''] : undefined) ?? schema;
  }

  private add(name: string, json: JsonSchema, direction: Direction): void {
    if (direction === 'output') this.inAnswers.add(name);
    this.schemas[name] = json;
  }

  private nameFor(schema: z.ZodType, direction: Direction): string {
    const name = NAMES.get(schema) ?? '';
    if (direction === 'output' || !this.inAnswers.has(name)) return name;
    let differs = this.twoFaced.get(schema);
    if (differs === undefined) {
      differs = !isDeepStrictEqual(toJson(schema, 'input'), toJson(schema, 'output'));
      this.twoFaced.set(schema, differs);
    }
    return differs ? `${name}Input` : name;
  }
}

function toJson(schema: z.ZodType, io: Direction, metadata = z.registry<{ id: string }>()): JsonSchema {
  const { $schema: _schema, ...json } = z.toJSONSchema(schema, {
    io,
    metadata,
    target: 'draft-2020-12',
    override({ zodSchema, jsonSchema }) {
      // A later version may add members to an answer.
      if (io === 'output' && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
      // `true` and `false` in a query.
      if (zodSchema instanceof z.ZodCodec && zodSchema.out instanceof z.ZodBoolean) jsonSchema.type = 'boolean';
    },
  });
  return json;
}

/** With references into the document instead of the schema's own definitions. */
function located<T>(json: T): T {
  return JSON.parse(JSON.stringify(json).replaceAll('"#/$defs/', '"#/components/schemas/')) as T;
}

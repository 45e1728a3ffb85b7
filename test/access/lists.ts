import type { z } from 'zod';
import type { TableRow } from '../../apps/gateway/src/edge/route-table.js';
import { nameOf, ROUTES } from './requests.js';
import type { World } from './world.js';

/** A list, by its answer; a further one is found here by itself. */
export const LISTS = ROUTES.filter(
  ({ method, output }) => method === 'GET' && output && 'nextCursor' in shapeOf(output) && !isWhole(output),
);
export const READS = ROUTES.filter(({ method, path }) => method === 'GET' && path.startsWith('/api/v1'));

/** For each query parameter that isn't a choice among few, something that finds what must not be found. */
const VALUES: Record<string, (world: World) => string> = {
  limit: () => '200',
  q: () => '金丝雀',
  tag: () => '金丝雀',
  custom: () => 'canary:金丝雀',
  noFollowUpSince: () => '2999-12-31',
  from: () => '2000-01',
  to: () => '2999-12',
  ownerId: ({ people }) => people.owner.userId,
  customerId: ({ shown }) => shown.customerId,
  statusId: ({ statusId }) => statusId,
  categoryId: ({ categoryId }) => categoryId,
  productId: ({ productId }) => productId,
  id: ({ shown }) => shown['noticeId'] ?? '',
  issuedFrom: () => '2000-01-01',
  issuedTo: () => '2999-12-31',
  soldFrom: () => '2000-01-01',
  soldTo: () => '2999-12-31',
  teamId: ({ teamId }) => teamId,
  createdFrom: () => '2000-01-01',
  createdTo: () => '2999-12-31',
  until: () => '2999-12-31',
  userId: ({ people }) => people.owner.userId,
  action: () => 'created',
  resource: () => 'customer',
  asOf: () => '2025-12-31',
  within: () => 'P999M',
  deleted: () => 'true',
  active: () => 'true',
  inArrears: () => 'true',
  includeVoided: () => 'true',
};

/** A route's queries: none, and each parameter by itself with each value that says more than to leave it out. */
export function queriesOf(world: World, route: TableRow): string[] {
  const parameters = Object.entries(shapeOf(route.query)).filter(([name]) => name !== 'cursor');
  return ['', ...parameters.flatMap(([name, schema]) => valuesOf(world, route, name, schema).map(asQuery(name)))];
}

const asQuery = (name: string) => (value: string) => `?${name}=${encodeURIComponent(value)}`;

function valuesOf(world: World, route: TableRow, name: string, schema: z.core.$ZodType): string[] {
  const choices = choicesOf(schema);
  if (choices) return choices;
  const value = VALUES[name];
  if (!value) throw new Error(`${nameOf(route)} needs a value to try for ?${name}`);
  return [value(world)];
}

function choicesOf({ _zod: { def } }: z.core.$ZodType): string[] | undefined {
  const any = def as Partial<Record<'innerType', z.core.$ZodType>> & {
    entries?: Record<string, string>;
    values?: string[];
    defaultValue?: unknown;
  };
  if (any.innerType) return choicesOf(any.innerType)?.filter((choice) => choice !== any.defaultValue);
  return any.entries ? Object.values(any.entries) : any.values;
}

function shapeOf(schema: z.ZodType | undefined): Record<string, z.core.$ZodType> {
  return (schema as { shape?: Record<string, z.core.$ZodType> } | undefined)?.shape ?? {};
}

/** A list that always comes whole has no cursor. */
function isWhole(output: z.ZodType): boolean {
  return shapeOf(output)['nextCursor']?._zod.def.type === 'null';
}

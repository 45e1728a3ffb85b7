import fc from 'fast-check';
import type { OpenApiDocument, Operation as Described } from '../../apps/gateway/src/openapi/document.js';
import type { Request } from '../access/client.js';
import type { Things } from './things.js';
import { HOSTILE, Values, type Schema } from './values.js';

/** An operation of the API, and the requests that may be made to it. */
export interface Operation {
  path: string;
  method: string;
  /** What its path is about: `customer`, `purchase` … */
  resource: string;
  /** Such as somebody would send who has read the description. */
  valid: fc.Arbitrary<Request>;
  /** With anything in any place. */
  hostile: fc.Arbitrary<Request>;
}

/** Not asked: they end the only session that can repeat them, or never end. */
const LEFT_OUT = /^(post \/api\/v1\/auth\/|post \/api\/v1\/me\/password|get \/api\/v1\/events)/;

export function operationsOf(document: OpenApiDocument, things: Things): Operation[] {
  const values = new Values(document.components.schemas as Record<string, Schema>, things.fitting);
  return Object.entries(document.paths)
    .flatMap(([path, methods]) => Object.entries(methods).map(([method, described]) => ({ path, method, described })))
    .filter(({ path, method }) => !LEFT_OUT.test(`${method} ${path}`))
    .map(({ path, method, described }) => ({
      path,
      method,
      resource: resourceOf(path),
      ...requestsTo(path, method, described, values, things),
    }));
}

/** `/customers/{customerId}/contacts` is about a contact; `/imports/customers` is about an import. */
function resourceOf(path: string): string {
  const parts = path
    .replace('/api/v1/', '')
    .split('/')
    .filter((part) => !part.startsWith('{'));
  const collection = parts[0] === 'imports' ? 'imports' : (parts.at(-1) ?? '');
  return collection.replace(/ies$/, 'y').replace(/s$/, '').split('-').at(-1) ?? '';
}

function requestsTo(
  path: string,
  method: string,
  described: Described,
  values: Values,
  things: Things,
): Pick<Operation, 'valid' | 'hostile'> {
  const named = (place: string) => described.parameters.filter((parameter) => parameter.in === place);
  const params = named('path').map(({ name }) => name);
  const query = (some: typeof described.parameters, of: (schema: Schema, name: string) => fc.Arbitrary<string>) =>
    fc.record(Object.fromEntries(some.map(({ name, schema }) => [name, of(schema as Schema, name)])), {
      requiredKeys: named('query').flatMap(({ name, required }) => (required ? [name] : [])),
    });
  // A cursor is nothing that can be made up.
  const known = named('query').filter(({ name }) => name !== 'cursor');
  return {
    valid: fc
      .record({
        params: fc.nat().map((pick) => things.path(params, pick)),
        query: query(known, (schema, name) => values.of(schema, name).map(asText)),
        headers: fc.constant<Parts['headers']>(needsVersion(method) ? { 'if-match': '*' } : {}),
        body: bodyOf(described, (schema) => values.of(schema)),
      })
      .map((parts) => assembled(path, method, parts)),
    hostile: fc
      .record({
        params: fc.record(Object.fromEntries(params.map((name) => [name, pathPart(name, things)]))),
        query: query(named('query'), (schema, name) => often(2, values.of(schema, name), HOSTILE).map(asText)),
        stray: often(9, fc.constant({}), fc.constant({ unheardOf: '1' })),
        headers: headersOf(method),
        body: bodyOf(described, (schema) => often(1, values.of(schema), values.hostile(schema))),
      })
      .map((parts) => assembled(path, method, { ...parts, query: { ...parts.query, ...parts.stray } })),
  };
}

interface Parts {
  params: Record<string, string>;
  query: object;
  headers: Record<string, string>;
  body: Pick<Request, 'body' | 'file'>;
}

function assembled(path: string, method: string, { params, query, headers, body }: Parts): Request {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
  const search = new URLSearchParams(query as Record<string, string>).toString();
  return { method: method.toUpperCase(), path: search === '' ? filled : `${filled}?${search}`, headers, ...body };
}

const often = <T>(times: number, usual: fc.Arbitrary<T>, other: fc.Arbitrary<T>) =>
  fc.oneof({ weight: times, arbitrary: usual }, { weight: 1, arbitrary: other });

const pathPart = (name: string, things: Things) =>
  often(19, things.any(name), fc.constantFrom('x', '%00', '..', '0', "' OR 1=1", '中'));

/** In a query everything is text. */
function asText(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return text.slice(0, 2_000).toWellFormed();
}

const needsVersion = (method: string) => method === 'patch' || method === 'delete';

function headersOf(method: string): fc.Arbitrary<Record<string, string>> {
  const languages = fc.constantFrom('zh-Hans', 'zh-TW', 'en', '*', 'x;q=9');
  return fc
    .record(
      {
        'accept-language': languages,
        'if-match': fc.constantFrom('*', '"1"', '"2"', '"x"', '1', '"99999999999999999999"'),
        'idempotency-key': fc.constantFrom('a-key-that-is-used-again', crypto.randomUUID(), 'x', ' '),
      },
      { requiredKeys: needsVersion(method) ? ['if-match'] : [] },
    )
    .map((headers) =>
      Object.fromEntries(Object.entries(headers).filter(([name]) => needsVersion(method) || name !== 'if-match')),
    );
}

function bodyOf(
  { requestBody }: Described,
  of: (schema: Schema) => fc.Arbitrary<unknown>,
): fc.Arbitrary<Pick<Request, 'body' | 'file'>> {
  const content = (requestBody as { content?: Record<string, { schema: Schema }> } | undefined)?.content ?? {};
  if (content['multipart/form-data']) return FILES.map((text) => ({ file: { name: 'file.csv', text } }));
  const schema = content['application/json']?.schema;
  return schema ? of(schema).map((body) => ({ body: body as object })) : fc.constant({});
}

const CELLS = fc.constantFrom(
  'A1',
  '中興',
  '1.00',
  '-1',
  '2025-01-31',
  '',
  '=1+1',
  '"',
  ',',
  '\u0000',
  '9'.repeat(300),
);
const HEADER = fc.constantFrom(
  'code,name,keyword',
  'ref,purchase_ref,amount,paid_on',
  'code,name,unit,guide_price,kind',
  'nonsense,,',
  '',
);
const FILES = fc
  .tuple(HEADER, fc.array(fc.array(CELLS, { maxLength: 6 }), { maxLength: 4 }))
  .map(([header, rows]) => [header, ...rows.map((row) => row.join(','))].join('\n'));

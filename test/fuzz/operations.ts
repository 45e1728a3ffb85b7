import fc from 'fast-check';
import type { OpenApiDocument, Operation as Described } from '../../apps/gateway/src/openapi/document.js';
import type { Request } from '../access/client.js';
import type { Things } from './things.js';
import { HOSTILE, someOf, Values, type Schema } from './values.js';

/** An operation of the API, and the requests that may be made to it. */
export interface Operation {
  path: string;
  method: string;
  /** What its answer is about: `Customer`, `DunningNotice` … */
  resource: string;
  /** What it takes away, by the name in its path; nothing, if it doesn't. */
  deletes?: string;
  /** Such as somebody would send who has read the description. */
  valid: fc.Arbitrary<Request>;
  /** With anything in any place. */
  hostile: fc.Arbitrary<Request>;
}

/** Not asked, each for its reason; `test/auth` and the tests of the live events ask them. */
const LEFT_OUT: Record<string, string> = {
  'post /api/v1/auth/login': 'who guesses is slowed down, and soon nobody could sign in',
  'post /api/v1/auth/refresh': 'a guessed token would end the sessions of those who ask',
  'post /api/v1/auth/logout': 'ends the session that asks',
  'post /api/v1/auth/logout-all': 'ends the session that asks',
  'post /api/v1/me/password': 'ends the sessions of those who ask',
  'get /api/v1/events': 'its answer never ends',
};

export function operationsOf(document: OpenApiDocument, things: Things): Operation[] {
  const values = new Values(document.components.schemas as Record<string, Schema>, things.fitting, {
    customFields: things.customFields,
  });
  return Object.entries(document.paths)
    .flatMap(([path, methods]) => Object.entries(methods).map(([method, described]) => ({ path, method, described })))
    .filter(({ path, method }) => !(`${method} ${path}` in LEFT_OUT))
    .map(({ path, method, described }) => ({
      path,
      method,
      resource: answeredBy(described) ?? collectionIn(path),
      ...(method === 'delete' && { deletes: path.match(/\{(\w+)\}$/)?.[1] }),
      ...requestsTo(path, method, described, values, things),
    }));
}

/** The name of what is answered, alone or as a list; undefined if it has none. */
function answeredBy({ responses }: Described): string | undefined {
  const [done] = Object.entries(responses).flatMap(([status, response]) => (status < '300' ? [response] : []));
  const { schema } = (done?.content as Record<string, { schema: Schema }> | undefined)?.['application/json'] ?? {};
  const { items } = (schema?.properties ?? {}) as { items?: { items?: Schema } };
  const name = schema?.$ref ?? items?.items?.$ref;
  return typeof name === 'string' ? name.split('/').at(-1) : undefined;
}

/** The collection that a path is in: `/dunning-notices/combined` is about dunning notices. */
const collectionIn = (path: string): string => path.split('/').findLast((part) => /^[a-z-]+s$/.test(part)) ?? '';

function requestsTo(
  path: string,
  method: string,
  described: Described,
  values: Values,
  things: Things,
): Pick<Operation, 'valid' | 'hostile'> {
  const named = (place: string) => described.parameters.filter((parameter) => parameter.in === place);
  const params = named('path').map(({ name }) => name);
  const query = (some: typeof described.parameters, of: (schema: Schema, name: string) => fc.Arbitrary<unknown>) =>
    someOf(
      Object.fromEntries(
        some.map(({ name, schema }) => [name, of(schema as Schema, name === 'id' ? collectionIn(path) : name)]),
      ),
      some.flatMap(({ name, required }) => (required ? [name] : [])),
    );
  // A cursor is nothing that can be made up.
  const known = named('query').filter(({ name }) => name !== 'cursor');
  return {
    valid: fc
      .record({
        params: fc
          .nat()
          .map((pick) => (path.endsWith('/restore') ? things.pathOfGone(params, pick) : things.path(params, pick))),
        query: query(known, (schema, name) => values.of(schema, name)),
        headers: fc.constant<Parts['headers']>(needsVersion(method) ? { 'if-match': '*' } : {}),
        body: bodyOf(described, FILES[path] ?? ANY_FILE, (schema) => values.of(schema)),
      })
      .map((parts) => assembled(path, method, parts)),
    hostile: fc
      .record({
        params: fc.record(Object.fromEntries(params.map((name) => [name, pathPart(name, things)]))),
        query: query(named('query'), (schema, name) => often(2, values.of(schema, name), HOSTILE)),
        stray: often(9, fc.constant({}), fc.constant({ unheardOf: '1' })),
        headers: headersOf(method),
        body: bodyOf(described, ANY_FILE, (schema) => often(1, values.of(schema), values.hostile(schema))),
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
  // Several values under one name, as the API has it.
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    [value].flat().map((one): [string, string] => [name, asText(one)]),
  );
  const search = new URLSearchParams(pairs).toString();
  return { method: method.toUpperCase(), path: search === '' ? filled : `${filled}?${search}`, headers, ...body };
}

const often = <T>(times: number, usual: fc.Arbitrary<T>, other: fc.Arbitrary<T>) =>
  fc.oneof({ weight: times, arbitrary: usual }, { weight: 1, arbitrary: other });

const pathPart = (name: string, things: Things) =>
  often(19, things.any(name), fc.constantFrom('x', '%00', '../..', '0', "' OR 1=1", '中'));

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
  file: fc.Arbitrary<string>,
  of: (schema: Schema) => fc.Arbitrary<unknown>,
): fc.Arbitrary<Pick<Request, 'body' | 'file'>> {
  const content = (requestBody as { content?: Record<string, { schema: Schema }> } | undefined)?.content ?? {};
  if (content['multipart/form-data']) return file.map((text) => ({ file: { name: 'file.csv', text } }));
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
const fileOf = (header: fc.Arbitrary<string>) =>
  fc
    .tuple(header, fc.array(fc.array(CELLS, { maxLength: 6 }), { maxLength: 4 }))
    .map(([first, rows]) => [first, ...rows.map((row) => row.join(','))].join('\n'));
const HEADERS = {
  '/api/v1/imports/customers': 'code,name,keyword',
  '/api/v1/imports/products': 'code,name,unit,guide_price,kind',
  '/api/v1/imports/purchases': 'ref,customer_code,product_code,quantity,unit_price,sold_on',
  '/api/v1/imports/payments': 'ref,purchase_ref,amount,paid_on',
};
const FILES: Record<string, fc.Arbitrary<string>> = Object.fromEntries(
  Object.entries(HEADERS).map(([path, header]) => [path, fileOf(fc.constant(header))]),
);
const ANY_FILE = fileOf(fc.constantFrom(...Object.values(HEADERS), 'nonsense,,', ''));

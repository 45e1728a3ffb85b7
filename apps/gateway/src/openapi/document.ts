import { z } from 'zod';
import { ERROR_STATUS, type ErrorKind } from '#contracts/errors';
import type { TableRow } from '../edge/route-table.js';
import { titleOf } from '../problems/messages.js';
import { Problem } from '../problems/problem.schema.js';
import { Components, type JsonSchema } from './schemas.js';

export interface OpenApiDocument {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: Record<string, Record<string, JsonSchema>>;
  [member: string]: unknown;
}
export interface Operation extends JsonSchema {
  operationId: string;
  summary: string;
  tags: string[];
  parameters: Parameter[];
  responses: Record<string, JsonSchema>;
}
interface Parameter extends JsonSchema {
  name: string;
  in: 'path' | 'query' | 'header';
}

/** The API's description, from its routes and the contracts' schemas. */
export function openApi(table: TableRow[]): OpenApiDocument {
  const routes = table.filter(({ undocumented }) => !undocumented);
  const components = new Components();
  // Answers first, so that their schemas have the plain names.
  const answers = new Map(routes.map((route) => [route, answerOf(route, components)]));
  const paths: OpenApiDocument['paths'] = {};
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    (paths[path] ??= {})[route.method.toLowerCase()] = {
      operationId: `${tagOf(route)}.${route.handler}`,
      summary: route.summary,
      tags: [tagOf(route)],
      ...(route.access === 'public' && { security: [] }),
      parameters: parametersOf(route, components),
      ...requestOf(route, components),
      responses: { ...answers.get(route), ...problemsOf(route) },
    };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Hongfuxing CRM',
      version: '1',
      description:
        'Money is a string with at most 2 decimals, a date is `YYYY-MM-DD`, a time RFC 3339. Lists are pages: pass ' +
        '`nextCursor` on as `cursor`. What can be edited carries a version as its `ETag`; `PATCH` and `DELETE` name it ' +
        'in `If-Match`, or `*`. A problem is told as `application/problem+json` in the language of `Accept-Language`.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ bearer: [] }],
    tags: [...new Set(routes.map(tagOf))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description: 'An access token from `POST /auth/login`, or an API token (`hfx_…`)',
        },
      },
      responses: problemResponses(),
      schemas: { Problem: components.of(Problem, 'output'), ...components.schemas },
    },
  };
}

const tagOf = ({ controller }: TableRow) =>
  controller.replace(/Controller$/, '').replace(/^./, (letter) => letter.toLowerCase());

function answerOf({ status, output, mediaType, method }: TableRow, components: Components): Operation['responses'] {
  const schema = output ? components.of(output, 'output') : { type: 'string' };
  const versioned = Object.hasOwn(components.resolve(schema)['properties'] ?? {}, 'version');
  const headers = {
    ...(versioned && method !== 'DELETE' && { ETag: { schema: { type: 'string' }, description: 'Its version' } }),
    ...((status === 201 || status === 202) && { Location: { schema: { type: 'string' } } }),
  };
  return {
    [status]: {
      description: { 200: 'Done', 201: 'Created', 202: 'Accepted', 204: 'Done' }[status],
      ...(Object.keys(headers).length > 0 && { headers }),
      ...(status !== 204 && {
        content: Object.fromEntries([mediaType ?? 'application/json'].flat().map((type) => [type, { schema }])),
      }),
    },
  };
}

function requestOf({ body, file }: TableRow, components: Components) {
  if (file !== undefined) {
    const properties = { [file]: { type: 'string', contentMediaType: 'text/csv' } };
    const schema = { type: 'object', properties, required: [file], additionalProperties: false };
    return { requestBody: { required: true, content: { 'multipart/form-data': { schema } } } };
  }
  if (!body) return {};
  const required = !body.safeParse({}).success;
  return { requestBody: { required, content: { 'application/json': { schema: components.of(body, 'input') } } } };
}

function parametersOf({ params, query, method }: TableRow, components: Components): Parameter[] {
  const text = { type: 'string' };
  const path = params.map((name) => ({
    name,
    in: 'path' as const,
    required: true,
    schema: { type: 'string', format: 'uuid' },
  }));
  const { properties = {}, required = [] } = (query ? components.inline(query, 'input') : {}) as {
    properties?: Record<string, JsonSchema>;
    required?: string[];
  };
  const inQuery = Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query' as const,
    required: required.includes(name),
    schema,
  }));
  const header = (name: string, isRequired: boolean, description: string): Parameter[] => [
    { name, in: 'header', required: isRequired, schema: text, description },
  ];
  return [
    ...path,
    ...inQuery,
    ...(needsVersion(method) ? header('If-Match', true, 'The `ETag` of what is changed, or `*`') : []),
    ...(method === 'POST' ? header('Idempotency-Key', false, 'Sent again with it, the request is done once') : []),
  ];
}

const needsVersion = (method: string) => method === 'PATCH' || method === 'DELETE';

/** The kinds of problems that a route may have, by status. */
function problemsOf({ access, params, query, method, body, mediaType }: TableRow): Operation['responses'] {
  const writes = method !== 'GET';
  const asksById = query instanceof z.ZodObject && 'id' in query.shape;
  const kinds: ErrorKind[] = [
    'invalid',
    // A sign-in is refused as well.
    'unauthenticated',
    ...(access === 'public' ? [] : (['forbidden'] as const)),
    // Also for what a query or a body names.
    ...(params.length > 0 || asksById || (body && access !== 'public') ? (['not-found'] as const) : []),
    ...(writes
      ? (['conflict', 'rule-violated', 'too-large', 'unsupported-media-type', 'too-many-requests'] as const)
      : []),
    ...(mediaType === 'text/event-stream' ? (['too-many-requests'] as const) : []),
    ...(needsVersion(method) ? (['precondition-failed', 'precondition-required'] as const) : []),
    'internal',
    'unavailable',
    'timeout',
  ];
  return Object.fromEntries(kinds.map((kind) => [ERROR_STATUS[kind], { $ref: `#/components/responses/${kind}` }]));
}

function problemResponses(): Record<string, JsonSchema> {
  const schema = { $ref: '#/components/schemas/Problem' };
  return Object.fromEntries(
    (Object.keys(ERROR_STATUS) as ErrorKind[]).map((kind) => [
      kind,
      { description: titleOf(kind, kind, 'en'), content: { 'application/problem+json': { schema } } },
    ]),
  );
}

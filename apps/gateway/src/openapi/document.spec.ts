import { CONTROLLERS } from '../controllers.js';
import { routeTable } from '../edge/route-table.js';
import { docsPage } from './docs-page.js';
import { openApi } from './document.js';

const table = routeTable(CONTROLLERS).filter(({ undocumented }) => !undocumented);
const document = openApi(table);
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

/** Every object in the document, with the way to it. */
function* objects(value: unknown, at = '#'): Generator<[string, Record<string, unknown>]> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield [at, value as Record<string, unknown>];
  for (const [key, member] of Object.entries(value)) yield* objects(member, `${at}/${key}`);
}
const at = (ref: string): unknown =>
  ref
    .slice(2)
    .split('/')
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], document);

it('describes every route, and no other [A1]', () => {
  expect(operations.map(({ path, method }) => `${method.toUpperCase()} ${path}`)).toEqual(
    expect.arrayContaining(table.map(({ path, method }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`)),
  );
  expect(operations).toHaveLength(table.length);
  expect(document.openapi).toBe('3.1.0');
});

it('refers only to what it holds', () => {
  const refs = [...objects(document)].flatMap(([where, { $ref }]) => (typeof $ref === 'string' ? [[where, $ref]] : []));
  expect(refs.length).toBeGreaterThan(200);
  expect(refs.filter(([, ref]) => at(ref as string) === undefined)).toEqual([]);
});

it('holds JSON Schema as OpenAPI 3.1 has it [A1]', () => {
  for (const [where, object] of objects(document)) {
    for (const foreign of ['$defs', '$schema', '$id', 'nullable']) {
      expect([where, foreign in object && !where.endsWith('/properties')]).toEqual([where, false]);
    }
  }
});

it('names each operation once, with its parameters', () => {
  expect(new Set(operations.map(({ operation }) => operation.operationId)).size).toBe(operations.length);
  for (const { path, operation } of operations) {
    const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect(operation.parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name)).toEqual(named);
    const keys = operation.parameters.map(({ in: place, name }) => `${place} ${name}`);
    expect(new Set(keys).size).toBe(keys.length);
  }
});

it('asks for a token and tells of problems where there are any', () => {
  for (const { path, method, operation } of operations) {
    const isPublic = Array.isArray(operation['security']);
    expect([path, isPublic]).toEqual([path, /auth\/(login|refresh)$/.test(path)]);
    const needsVersion = operation.parameters.some(({ name, required }) => name === 'If-Match' && required === true);
    expect([path, needsVersion]).toEqual([path, method === 'patch' || method === 'delete']);
    expect('428' in operation.responses).toBe(needsVersion);
    expect('401' in operation.responses).toBe(true);
    expect('415' in operation.responses).toBe(method !== 'get');
    const asksById = operation.parameters.some(({ in: place, name }) => place === 'path' || name === 'id');
    if (asksById) expect([path, '404' in operation.responses]).toEqual([path, true]);
  }
});

it('describes requests by what they may hold and answers by what they hold', () => {
  const { NewCustomer, Customer, CustomerPatch } = document.components['schemas'] as Record<
    string,
    { required?: string[]; additionalProperties?: boolean; properties: Record<string, unknown> }
  >;
  expect(NewCustomer).toMatchObject({ required: ['name', 'keyword'], additionalProperties: false });
  expect(CustomerPatch?.required ?? []).toEqual([]);
  expect(Customer?.required).toEqual(expect.arrayContaining(['id', 'access', 'version']));
  expect(Customer).not.toHaveProperty('additionalProperties');

  const list = document.paths['/api/v1/customers']?.['get'];
  const query = (name: string) => list?.parameters.find((parameter) => parameter.name === name);
  expect(query('limit')).toMatchObject({
    in: 'query',
    required: false,
    schema: { minimum: 1, maximum: 200, default: 50 },
  });
  expect(query('deleted')).toMatchObject({ schema: { type: 'boolean' } });
  expect(list?.responses['200']).toMatchObject({
    content: {
      'application/json': { schema: { properties: { items: { items: { $ref: '#/components/schemas/Customer' } } } } },
    },
  });
});

it('can be read as a page that runs nothing', () => {
  const page = docsPage(document);
  for (const { path } of operations) expect(page).toContain(path);
  expect(page).not.toMatch(/<script|javascript:|\son\w+=/);
  for (const [, name] of page.matchAll(/href="#(\w+)"/g)) expect(page).toContain(`id="${name}"`);
});

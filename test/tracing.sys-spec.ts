import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { eventually } from '#testing/eventually';
import { startTestSystem, type TestSystem } from '#testing/system';

interface Span {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  service: string;
}

interface Export {
  resourceSpans: {
    resource: { attributes: { key: string; value: { stringValue?: string } }[] };
    scopeSpans: { spans: Omit<Span, 'service'>[] }[];
  }[];
}

const spans: Span[] = [];
let collector: Server;
let system: TestSystem;

beforeAll(async () => {
  collector = createServer((request, response) => {
    void json(request).then((body) => {
      for (const { resource, scopeSpans } of (body as Export).resourceSpans) {
        const service = resource.attributes.find(({ key }) => key === 'service.name')?.value.stringValue ?? '?';
        for (const span of scopeSpans.flatMap((scope) => scope.spans)) spans.push({ ...span, service });
      }
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => collector.once('listening', resolve));
  const { port } = collector.address() as AddressInfo;
  const traced = { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`, OTEL_BSP_SCHEDULE_DELAY: '200' };
  system = await startTestSystem({ env: { ...process.env, LOG_LEVEL: 'warn', ...traced } });
}, 180_000);
afterAll(async () => {
  await system?.close();
  collector?.close();
});

it('follows one click from HTTP over the bus, SQL and the outbox to the projection of its event', async () => {
  const traceId = '0af7651916cd43dd8448eb211c80319c';
  const account = system.system.accounts.find(({ username }) => username === 'sales01')!;
  const post = (path: string, body: object, headers: Record<string, string> = {}) =>
    fetch(`${system.system.url}/api/v1${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  const login = await post('/auth/login', { ...account, role: undefined, tokenDelivery: 'body' });
  const { accessToken } = (await login.json()) as { accessToken: string };
  const created = await post(
    '/customers',
    { name: '鴻富興貿易', keyword: '鴻富興' },
    {
      authorization: `Bearer ${accessToken}`,
      'idempotency-key': 'one-click',
      traceparent: `00-${traceId}-b7ad6b7169203331-01`,
    },
  );
  expect(created.status).toBe(201);

  await eventually(() => {
    const trace = spans.filter((span) => span.traceId === traceId);
    const applied = trace.find(({ name }) => name === 'apply evt.customers.customer.changed.v1');
    expect(namesUpFrom(applied, trace)).toEqual([
      'billing apply evt.customers.customer.changed.v1',
      'customers rpc.customers.customer.create',
      'gateway rpc.customers.customer.create',
      'gateway POST /api/v1/customers',
    ]);
    const heard = trace.find(({ name }) => name === 'hear evt.customers.customer.changed.v1');
    expect(namesUpFrom(heard, trace).at(-1)).toBe('gateway POST /api/v1/customers');
    expect(trace.some(({ name }) => name === 'publish evt.customers.customer.changed.v1')).toBe(true);
    const statements = trace.filter(({ name }) => name.startsWith('SQL '));
    expect(new Set(statements.map(({ service }) => service))).toEqual(new Set(['customers', 'billing']));
  });
  process.stdout.write(drawn(spans.filter((span) => span.traceId === traceId)));
});

/** From a span up to where the trace begins. */
function namesUpFrom(span: Span | undefined, trace: Span[]): string[] {
  if (!span) return [];
  const parent = trace.find(({ spanId }) => spanId === span.parentSpanId);
  return [`${span.service} ${span.name}`, ...namesUpFrom(parent, trace)];
}

function drawn(trace: Span[]): string {
  const known = new Set(trace.map(({ spanId }) => spanId));
  const below = (parent: string | undefined, depth: number): string[] =>
    trace
      .filter(({ parentSpanId }) => (parent ? parentSpanId === parent : !known.has(parentSpanId ?? '')))
      .flatMap(({ spanId, service, name }) => [
        `${'  '.repeat(depth)}${service}: ${name}\n`,
        ...below(spanId, depth + 1),
      ]);
  return below(undefined, 0).join('');
}

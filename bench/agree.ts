import { isDeepStrictEqual } from 'node:util';
import type { BareServer } from './children.js';
import type { Ground } from './ground.js';
import { operation, type OperationName, type Request } from './operations.js';
import { BARE } from './bare-name.js';
import { record, textsOf } from './recording.js';
import type { StatementLog } from './statements.js';

/** Teaches the bare server an operation, and makes sure that it does the same as the product and answers the same. */
export async function teach(ground: Ground, bare: BareServer, log: StatementLog, name: OperationName): Promise<number> {
  const made = operation(name);
  const world = await ground.world();
  const pick = (n: number) => Math.floor(Math.random() * n);
  const fresh = () => made.request(world, pick);
  const ask = async (port: number, request: Request) => {
    const { status, body } = await send(port, request);
    if (status !== made.status) throw new Error(`${name}: ${status} ${JSON.stringify(body)}`);
    return body;
  };
  const both = async (port: number) => {
    const request = fresh();
    await ask(port, request);
    return request;
  };
  await ground.rows(`DELETE FROM customers.duplicate_probes`);
  const product = await record(made, log, () => both(ground.system.port));
  await bare.learn(name, product);
  const learnt = await record(
    made,
    log,
    () => both(bare.port),
    (application) => application === BARE,
  );
  const differing = difference(textsOf(product), textsOf(learnt));
  if (differing) throw new Error(`${name}: the bare server's statements are not the product's:\n${differing}`);

  // A read of the same, or a write of another one: then what is made anew differs, and nothing else may.
  const request = fresh();
  const [shown, bareShown] = [
    await ask(ground.system.port, request),
    await ask(bare.port, made.events ? fresh() : request),
  ];
  const [one, other] = [shown, bareShown].map((body) => (made.events ? shapeOf(body) : withoutCursor(body)));
  if (!isDeepStrictEqual(one, other)) {
    throw new Error(`${name}: the answers differ:\n${JSON.stringify(shown)}\n${JSON.stringify(bareShown)}`);
  }
  return product.length;
}

async function send(port: number, { method, path, token, idempotencyKey, body }: Request) {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body && { 'content-type': 'application/json' }),
      ...(idempotencyKey && { 'idempotency-key': idempotencyKey }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

/** The cursor is the product's secret; that there is one counts. */
const withoutCursor = (body: Record<string, unknown>) =>
  'nextCursor' in body ? { ...body, nextCursor: body['nextCursor'] !== null } : body;

/** The fields, with the values that don't tell one thing from another of its kind. */
const OWN = ['id', 'name', 'keyword', 'createdAt', 'updatedAt', 'customerId', 'ownerId', 'ownerName', 'soldById'];

function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([field, one]) => [field, OWN.includes(field) ? typeof one : shapeOf(one)]));
}

function difference(one: string[], other: string[]): string | undefined {
  const lines = [
    ...one.filter((text) => !other.includes(text)).map((text) => `- ${text}`),
    ...other.filter((text) => !one.includes(text)).map((text) => `+ ${text}`),
  ];
  if (lines.length > 0) return lines.join('\n');
  return one.length === other.length ? undefined : `${one.length} statements, and ${other.length}`;
}

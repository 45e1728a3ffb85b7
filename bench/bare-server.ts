/**
 * What the product is compared with: `node:http` and a `pg` pool, no framework, no bus, one process, nothing checked.
 * It runs the product's own statements on the product's databases, and answers the same JSON. Its parent tells it which
 * statements those are, and where the databases are.
 */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import type { Databases } from '#embedded/databases';
import type { DatabaseService } from '#embedded/provision-sql';
import { BARE } from './bare-name.js';
import { bodyOf } from './bare-bodies.js';
import { lettersOf, type OperationName } from './operations.js';
import { fill, type Recording } from './recording.js';
import { BEGINS, ENDS } from './statements.js';

export type ToBare = { databases: Databases } | { operation: OperationName; recording: Recording };

type Gaps = Record<string, string>;
type Rows = Record<string, unknown>[];

// Dates as text, as the API has them.
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text);

const pools = new Map<DatabaseService, pg.Pool>();
const recordings = new Map<string, Recording>();
const NEW_IDS = ['new0', 'new1', 'new2', 'new3'];

async function run(recording: Recording, gaps: Gaps): Promise<Rows[]> {
  const held = new Map<number, pg.PoolClient>();
  const results: Rows[] = [];
  try {
    for (const { service, session, text, values } of recording) {
      const pool = pools.get(service)!;
      if (BEGINS.test(text)) held.set(session, await pool.connect());
      const parameters = values.map((template) => template && fill(template, gaps));
      const { rows } = await (held.get(session) ?? pool).query<Record<string, unknown>>(text, parameters);
      results.push(rows);
      if (ENDS.test(text)) {
        held.get(session)?.release();
        held.delete(session);
      }
    }
  } finally {
    // A transaction that broke off goes with its connection.
    for (const client of held.values()) client.release(true);
  }
  return results;
}

const server = createServer((request, response) => {
  void (async () => {
    try {
      const { userId, role } = callerOf(request.headers.authorization);
      const json = request.method === 'POST' ? (JSON.parse(await textOf(request)) as { keyword?: string }) : {};
      const [operation, customerId = ''] = route(request.method, request.url ?? '', role);
      const gaps: Gaps = { userId, customerId, idempotencyKey: String(request.headers['idempotency-key'] ?? '') };
      if (json.keyword) Object.assign(gaps, lettersOf(json.keyword));
      for (const name of NEW_IDS) gaps[name] = uuidv7();
      const body = JSON.stringify(bodyOf(operation, await run(recordings.get(operation)!, gaps)));
      response.writeHead(operation === 'create' || operation === 'purchase' ? 201 : 200, {
        'content-type': 'application/json; charset=utf-8',
        'content-length': Buffer.byteLength(body),
      });
      response.end(body);
    } catch (error) {
      const body = JSON.stringify({ error: (error as Error).stack });
      response.writeHead(500, { 'content-length': Buffer.byteLength(body) }).end(body);
    }
  })();
});

function route(method = 'GET', url: string, role: string): [operation: OperationName, customerId?: string] {
  const path = url.split('?', 1)[0]!.split('/').slice(3);
  if (path[0] === 'arrears') return [role === 'finance' ? 'arrears-all' : 'arrears'];
  if (path.length === 1) return [method === 'GET' ? 'list' : 'create'];
  if (path[1] === 'duplicate-check') return ['duplicates'];
  return [path[2] === 'purchases' ? 'purchase' : 'get', path[1]];
}

const callers = new Map<string, { userId: string; role: string }>();

/** Believed as it is: the product's checks are what is measured. */
function callerOf(authorization = '') {
  let caller = callers.get(authorization);
  if (!caller) {
    const claims = Buffer.from(authorization.split('.')[1] ?? '', 'base64url').toString();
    const { sub, role } = JSON.parse(claims) as { sub: string; role: string };
    callers.set(authorization, (caller = { userId: sub, role }));
  }
  return caller;
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

process.on('message', (message: ToBare) => {
  if ('recording' in message) {
    recordings.set(message.operation, message.recording);
    process.send?.('learnt');
    return;
  }
  for (const [service, { runtime }] of Object.entries(message.databases)) {
    // As many connections as each service has.
    pools.set(service as DatabaseService, new pg.Pool({ connectionString: runtime, max: 10, application_name: BARE }));
  }
  server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
});
// Its parent is gone.
process.once('disconnect', () => process.exit(0));

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { OpenApiDocument } from '../../apps/gateway/src/openapi/document.js';
import { scale } from '#testing/scale';
import { startTestSystem, type TestSystem } from '#testing/system';
import { Client, signIn, type Answer, type Request } from '../access/client.js';
import { Judge } from './judge.js';
import { operationsOf, type Operation } from './operations.js';
import { People } from './people.js';
import { Things } from './things.js';

const SEED = Number(process.env.HFX_TEST_SEED ?? 1);
const AT_ONCE = 12;
/** An answer that takes longer than this is a hang, in ms: the product promises its first byte within 5 s. */
const HANG = 20_000;
/** Mostly those who come far. */
const ROLES = ['administrator', 'administrator', 'salesperson', 'salesperson', 'finance', 'anonymous'];

interface Finding {
  request: string;
  body: unknown;
  fault: string;
  answer: string;
}

/**
 * Requests made up from the API's own description, valid and hostile. Every route that is described is asked, also those
 * that come later.
 */
describe('whatever is asked', () => {
  let system: TestSystem;
  let people: People;
  let operations: Operation[];
  let judge: Judge;
  const findings: Finding[] = [];
  const reached = new Map<string, Set<number>>();
  const secrets: string[] = [];

  beforeAll(async () => {
    system = await startTestSystem();
    const { url, accounts } = system.system;
    const { username, password } = accounts.find((account) => account.username === 'admin')!;
    const root = await signIn(url, username, password);
    people = new People(root, new Client(url));
    const document = JSON.parse(
      (await root.send({ method: 'GET', path: '/api/openapi.json' })).text,
    ) as OpenApiDocument;
    const things = new Things(new Set([root.userId]));
    operations = operationsOf(document, things);
    judge = new Judge(document);
    await ask(scale(20_000, 200_000), things);
    secrets.push(...people.secrets());
  }, 1_800_000);
  afterAll(() => system?.close());

  async function ask(times: number, things: Things): Promise<void> {
    let count = 0;
    const client = async () => {
      while (count < times) {
        const n = count++;
        const operation = operations[n % operations.length]!;
        const round = Math.floor(n / operations.length);
        // The first rounds make things, and few are taken away, so that the others find some.
        const early = round < 12;
        if (operation.method === 'delete' && (early || round % 4 !== 0)) continue;
        const role = early ? 'administrator' : ROLES[(n * 7919) % ROLES.length]!;
        const requests = early || round % 3 === 0 ? operation.valid : operation.hostile;
        const [request] = fc.sample(requests, { seed: SEED * 1_000_003 + n, numRuns: 1 }) as [Request];
        await askOnce(operation, role, request, things);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, client));
  }

  async function askOnce(operation: Operation, role: string, request: Request, things: Things): Promise<void> {
    const who = await people.as(role);
    const answer = await who.send({ ...request, within: HANG }).catch((error: unknown) => String(error));
    const fault = typeof answer === 'string' ? answer : judge.fault(operation.path, operation.method, answer);
    if (fault !== undefined) findings.push(finding(request, fault, answer));
    if (typeof answer === 'string') return;
    const name = `${operation.method} ${operation.path}`;
    reached.set(name, (reached.get(name) ?? new Set()).add(answer.status));
    if (answer.status < 300 && answer.headers['content-type']?.startsWith('application/json')) {
      things.learn(operation.resource, JSON.parse(answer.text));
    }
    const shutOut = answer.status === 401 || answer.text.includes('password-change-required');
    if (shutOut && role !== 'anonymous') await people.renew(role, who);
  }

  it('gets an answer that is described: no failure, no hang, nothing of the inside [A1]', () => {
    expect(findings.slice(0, 10)).toEqual([]);
  });

  it('was asked of every route, and four of five did what they are for', () => {
    const names = operations.map(({ method, path }) => `${method} ${path}`);
    const never = names.filter((name) => ![...(reached.get(name) ?? [])].some((status) => status < 300));
    expect(names.filter((name) => !reached.has(name))).toEqual([]);
    if (never.length > names.length / 5) expect(never).toEqual([]);
  });

  it('leaves no secret in a log', () => {
    const folder = join(system.system.dataDir, 'logs');
    const logs = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'));
    expect(secrets.length).toBeGreaterThan(3);
    for (const secret of secrets) expect(logs.some((log) => log.includes(secret))).toBe(false);
  });
});

function finding({ method, path, body, headers }: Request, fault: string, answer: Answer | string): Finding {
  const said = typeof answer === 'string' ? answer : `${answer.status} ${answer.text}`;
  return {
    request: `${method} ${path} ${JSON.stringify(headers)}`.slice(0, 500),
    body,
    fault,
    answer: said.slice(0, 500),
  };
}

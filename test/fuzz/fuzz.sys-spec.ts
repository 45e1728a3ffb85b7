import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { OpenApiDocument } from '../../apps/gateway/src/openapi/document.js';
import { Role } from '#contracts/context';
import { randomFrom, scale } from '#testing/scale';
import { startTestSystem, type TestSystem } from '#testing/system';
import { Client, signIn, type Answer, type Request } from '../access/client.js';
import { Coverage } from './coverage.js';
import { Judge } from './judge.js';
import { operationsOf, type Operation } from './operations.js';
import { People } from './people.js';
import { secretsIn } from './secrets.js';
import { Things } from './things.js';

const SEED = Number(process.env.HFX_TEST_SEED ?? 1);
const AT_ONCE = 12;
/** So many rounds through all the routes only make things. */
const EARLY = 12;
/** An answer that takes longer than this is a hang, in ms: the product promises its first byte within 5 s. */
const HANG = 20_000;
/** What `fetch` says of an answer that ends before it is whole. */
const BROKEN_OFF = 'TypeError: terminated';
/** All of them together, in ms. */
const LONGEST = scale(1_800_000, 7_200_000);
/** Everybody, and those who come far twice. */
const ROLES = [...Role.options, 'administrator', 'salesperson', 'anonymous'];

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
  let coverage: Coverage;
  let judge: Judge;
  const findings: Finding[] = [];
  const secrets = new Set<string>();

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
    coverage = new Coverage(operations);
    judge = new Judge(document);
    await ask(scale(20_000, 200_000), things);
    for (const secret of people.secrets()) secrets.add(secret);
  }, LONGEST);
  afterAll(() => system?.close());

  async function ask(times: number, things: Things): Promise<void> {
    let count = 0;
    const client = async () => {
      while (count < times) {
        const n = count++;
        const operation = operations[n % operations.length]!;
        const round = Math.floor(n / operations.length);
        const chance = randomFrom(SEED * 1_000_003 + n);
        // The first rounds make things, and few are taken away, so that the others find some.
        const early = round < EARLY;
        if (operation.method === 'delete' && (early || chance() < 0.7)) continue;
        const role = early ? 'administrator' : ROLES[Math.floor(chance() * ROLES.length)]!;
        const valid = early || chance() < 0.4;
        const requests = valid ? operation.valid : operation.hostile;
        const [request] = fc.sample(requests, { seed: SEED * 1_000_003 + n, numRuns: 1 }) as [Request];
        if (valid) secretsIn(request.body).forEach((secret) => secrets.add(secret));
        await askOnce(operation, role, request, things);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, client));
  }

  async function askOnce(operation: Operation, role: string, request: Request, things: Things): Promise<void> {
    const who = await people.as(role);
    const answer = await who.send({ ...request, within: HANG }).catch((error: unknown) => String(error));
    // A file breaks off when its reader's session ends, and his next question tells that it did.
    const brokeOff = answer === BROKEN_OFF && role !== 'anonymous';
    if (brokeOff && (await isOver(who))) return people.renew(role, who);
    const fault = typeof answer === 'string' ? answer : judge.fault(operation.path, operation.method, answer);
    if (fault !== undefined) findings.push(finding(request, fault, answer));
    if (typeof answer === 'string') return;
    coverage.note(operation, request, answer);
    if (answer.status < 300) learnFrom(operation, request, answer, things);
    const shutOut = answer.status === 401 || answer.text.includes('password-change-required');
    if (shutOut && role !== 'anonymous') await people.renew(role, who);
  }

  function learnFrom({ resource, deletes }: Operation, request: Request, answer: Answer, things: Things): void {
    if (deletes !== undefined) things.forget(deletes, request.path.split('?')[0]!.split('/').at(-1)!);
    if (!answer.headers['content-type']?.startsWith('application/json')) return;
    const body: unknown = JSON.parse(answer.text);
    things.learn(resource, body);
    secretsIn(body).forEach((secret) => secrets.add(secret));
  }

  it('gets an answer that is described: no failure, no hang, nothing of the inside [A1]', () => {
    expect(findings.slice(0, 10)).toEqual([]);
  });

  it('was asked of every route, and four of five did what they are for', () => {
    const unreached = coverage.unreached();
    process.stderr.write(`seed ${SEED}; never answered with success:\n${unreached.join('\n')}\n`);
    expect(unreached.filter((line) => line.endsWith('never asked'))).toEqual([]);
    if (coverage.share < 0.8) expect(unreached).toEqual([]);
  });

  it('leaves no secret in a log', () => {
    const folder = join(system.system.dataDir, 'logs');
    const logs = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'));
    expect(secrets.size).toBeGreaterThan(10);
    for (const secret of secrets) expect(logs.some((log) => log.includes(secret))).toBe(false);
  });
});

/** Whether his session is; whoever gets no answer doesn't know. */
const isOver = (who: Client) =>
  who.send({ method: 'GET', path: '/api/v1/me', within: HANG }).then(
    ({ status }) => status === 401,
    () => false,
  );

function finding({ method, path, body, headers }: Request, fault: string, answer: Answer | string): Finding {
  const said = typeof answer === 'string' ? answer : `${answer.status} ${answer.text}`;
  return {
    request: `${method} ${path} ${JSON.stringify(headers)}`.slice(0, 500),
    body,
    fault,
    answer: said.slice(0, 500),
  };
}

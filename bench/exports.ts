/**
 * `npm run bench:exports`: what a file of all customers takes of memory, beside a file of a fiftieth of them; see
 * docs/performance.md.
 */
import { parseArgs } from 'node:util';
import { readOptions } from './options.js';
import { Ground } from './ground.js';
import { OWNERS, ownerName } from './data.js';
import type { Actor } from './operations.js';
import { forgetPeak, peakOf } from './processes.js';
import { table } from './report.js';

const PROCESSES = ['gateway', 'customers', 'nats'] as const;
const FORMATS = ['csv', 'xlsx'] as const;

interface Written {
  bytes: number;
  seconds: number;
  /** The most that each process held meanwhile, in bytes. */
  peaks: number[];
}

const { values } = parseArgs({ options: { customers: { type: 'string', default: '1000000' } } });
const customers = Number(values.customers);
const count = (rows: number) => `${rows.toLocaleString('en')} customers`;
const say = (line: string) => void process.stderr.write(`${line}\n`);

/** Reads the file and forgets it. Errors: it broke off. */
async function write(ground: Ground, admin: Actor, format: string, ownerId?: string): Promise<Written> {
  const pids = PROCESSES.map((name) => ground.system.process(name).pid!);
  pids.forEach(forgetPeak);
  const began = performance.now();
  const query = new URLSearchParams({ format, ...(ownerId && { ownerId }) });
  const response = await fetch(`${ground.system.url}/api/v1/customers/export?${query.toString()}`, {
    headers: { authorization: `Bearer ${admin.token}` },
  });
  if (response.status !== 200 || !response.body) throw new Error(`An export was answered with ${response.status}`);
  let bytes = 0;
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) bytes += chunk.length;
  const seconds = (performance.now() - began) / 1_000;
  return { bytes, seconds, peaks: pids.map(peakOf) };
}

const megabytes = (bytes: number) => (bytes / 2 ** 20).toFixed(0);

function rowsOf(format: string, few: Written, all: Written): string[][] {
  return PROCESSES.map((name, n) => [
    format,
    name,
    megabytes(few.peaks[n]!),
    megabytes(all.peaks[n]!),
    `**${(all.peaks[n]! / few.peaks[n]!).toFixed(2)}**`,
  ]);
}

const ground = await Ground.open(readOptions(['--customers', values.customers]), say);
try {
  const admin = await ground.signIn('admin');
  const [{ id }] = await ground.rows<{ id: string }>(`SELECT id FROM auth.users WHERE username = $1`, [ownerName(1)]);
  const rows: string[][] = [];
  for (const format of FORMATS) {
    // The first one fills what every export needs, and doesn't count.
    await write(ground, admin, format, id);
    const few = await write(ground, admin, format, id);
    const all = await write(ground, admin, format);
    say(`${format}: ${megabytes(all.bytes)} MB in ${all.seconds.toFixed(0)} s`);
    rows.push(...rowsOf(format, few, all));
  }
  const head = [
    'file',
    'most held by, MB',
    `of ${count(Math.floor(customers / OWNERS))}`,
    `of ${count(customers)}`,
    'ratio',
  ];
  process.stdout.write(`\n${table(head, rows)}\n`);
} finally {
  await ground.close();
}

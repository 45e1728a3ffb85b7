import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { SERVICES } from '#contracts/rpc';
import { repositoryRoot } from '#embedded/programs';
import type { Compared, Figures } from './measure.js';
import { operation } from './operations.js';
import type { RemindersCompared } from './reminders.js';

export interface Machine {
  postgres: string;
  nats: string;
  date: string;
  customers: number;
}

type Memory = Record<string, { resident: number; own: number }>;

export interface Report {
  machine: Machine;
  compared: Compared[];
  reminders?: RemindersCompared;
  memory: { idle: Memory; loaded: Memory };
}

export function markdown({ machine, compared, reminders, memory }: Report): string {
  const parts = [machineOf(machine)];
  if (compared.length > 0) parts.push(table(SPEED, compared.map(speedOf)), table(COST, compared.map(costOf)));
  if (reminders) parts.push(table(REMINDERS, remindersOf(reminders)));
  parts.push(table(MEMORY, memoryOf(memory)));
  return parts.join('\n\n');
}

const BEGIN = '<!-- bench -->';
const END = '<!-- /bench -->';

/** Puts the figures between the two marks. */
export function writeInto(file: string, figures: string): void {
  const path = join(repositoryRoot(), file);
  const text = readFileSync(path, 'utf8');
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`${file} has no place for the figures: ${BEGIN} … ${END}`);
  writeFileSync(path, `${text.slice(0, from + BEGIN.length)}\n\n${figures}\n\n${text.slice(to)}`);
}

function machineOf({ postgres, nats, date, customers }: Machine): string {
  const [first] = cpus();
  const gigabytes = (totalmem() / 2 ** 30).toFixed(0);
  const programs = `Node ${process.versions.node}, PostgreSQL ${postgres}, NATS ${nats}`;
  return `${date}, ${customers.toLocaleString('en')} customers, ${cpus().length} × ${first?.model.trim()}, ${gigabytes} GB, ${programs}.`;
}

const SPEED = [
  'operation',
  'at a time',
  'product req/s',
  'bare req/s',
  'ratio',
  'product p50, p99 ms',
  'bare p50, p99 ms',
];
const speedOf = ({ name, connections, product, bare }: Compared) => [
  operation(name).title,
  String(connections),
  product.rate.toFixed(0),
  bare.rate.toFixed(0),
  `**${(product.rate / bare.rate).toFixed(2)}**`,
  latency(product),
  latency(bare),
];
const latency = ({ p50, p99 }: Figures) => `${p50.toFixed(1)}, ${p99.toFixed(1)}`;

const COST = ['CPU per request, ms', 'at a time', 'product', 'bare', 'PostgreSQL for the product', 'for bare'];
const costOf = ({ name, connections, product, bare }: Compared) => [
  operation(name).title,
  String(connections),
  ...[product.cpu, bare.cpu, product.postgres, bare.postgres].map((ms) => ms.toFixed(2)),
];

const REMINDERS = ['reminders', 'ms', 'product takes'];
function remindersOf({ count, product, insert, insertWithEvents }: RemindersCompared): string[][] {
  const times = (bare: number) => `**${(product / bare).toFixed(1)} ×**`;
  return [
    [`a sweep opens ${count.toLocaleString('en')}`, product.toFixed(0), ''],
    ['one `INSERT … SELECT` of the reminders', insert.toFixed(0), times(insert)],
    ['the same with their outbox rows', insertWithEvents.toFixed(0), times(insertWithEvents)],
  ];
}

const MEMORY = ['memory, MB', 'idle RSS', 'idle PSS', 'after load RSS', 'after load PSS'];
function memoryOf({ idle, loaded }: Report['memory']): string[][] {
  const measures = [
    (name: string) => idle[name]!.resident,
    (name: string) => idle[name]!.own,
    (name: string) => loaded[name]!.resident,
    (name: string) => loaded[name]!.own,
  ];
  const row = (title: string, names: readonly string[]) => [
    title,
    ...measures.map((of) => (names.reduce((sum, name) => sum + of(name), 0) / 2 ** 20).toFixed(0)),
  ];
  return [...SERVICES.map((name) => row(name, [name])), row('**all five services**', SERVICES), row('nats', ['nats'])];
}

/** In Markdown, as prettier would have it. */
export function table(head: string[], rows: string[][]): string {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(3, ...all.map((row) => row[column]!.length)));
  const line = (cells: string[]) => `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

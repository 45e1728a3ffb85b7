import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { until } from './wait.js';

/**
 * What tells a process from a later one with the same number: its moment of start, within this boot.
 * Undefined when there is no such process (any more); a zombie counts as none.
 */
export function identityOf(pid: number): string | undefined {
  if (process.platform !== 'linux') {
    const ps = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
    return ps.stdout?.trim() || undefined;
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in brackets, and may itself hold blanks and brackets.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${fields[19]}`;
  } catch {
    return undefined;
  }
}

export interface ProcessRecord {
  pid: number;
  identity: string;
}

/** A signal, and how long (ms) to wait for its effect before the next. */
export type StopStep = readonly [signal: NodeJS.Signals, grace: number];

export function writeRecord(file: string, pid: number, more: object = {}): void {
  writeFileSync(file, JSON.stringify({ pid, identity: identityOf(pid), ...more }), { mode: 0o600 });
}

/** The recorded process, if it still runs. A record that can't be read is none: it was cut off while being written. */
export function readRecord<T extends ProcessRecord>(file: string): T | undefined {
  try {
    const record = JSON.parse(readFileSync(file, 'utf8')) as T;
    return identityOf(record.pid) === record.identity ? record : undefined;
  } catch {
    return undefined;
  }
}

export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended in the meantime, which is what was wanted.
  }
}

/** Asks a process to end, ever less politely. */
export async function endProcess({ pid, identity }: ProcessRecord, steps: readonly StopStep[]): Promise<void> {
  for (const [name, grace] of steps) {
    signal(pid, name);
    // A paused process takes its signal only when it goes on.
    if (name !== 'SIGKILL') signal(pid, 'SIGCONT');
    if (await until(grace, () => identityOf(pid) !== identity, 20)) return;
  }
  throw new Error(`Process ${pid} can't be ended`);
}

/** Ends what an earlier supervisor left behind; tells whether there was anything. */
export async function endRecorded(file: string, steps: readonly StopStep[]): Promise<boolean> {
  const record = readRecord(file);
  if (record) await endProcess(record, steps);
  rmSync(file, { force: true });
  return record !== undefined;
}

import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, rmSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { tailOf } from './logs.js';
import { endProcess, endRecorded, identityOf, signal, writeRecord, type StopStep } from './process-identity.js';
import { SetupError, reasonOf } from './setup-error.js';
import { until } from './wait.js';

export interface ProcessSpec {
  name: string;
  command: string;
  args: readonly string[];
  env: NodeJS.ProcessEnv;
  cwd: string;
  account?: { uid: number; gid: number };
  /** What happens to it when the supervisor is killed: it watches its standard input, or a watcher signals it. */
  orphan: 'watches-stdin' | NodeJS.Signals;
  logFile: string;
  /** Where its number is kept, so that the next start finds it. */
  recordFile: string;
  /** Runs before each spawn. */
  prepare?: () => void | Promise<void>;
  ready: () => Promise<boolean>;
  /** Done after each spawn, as soon as it is ready; until then it doesn't count as ready. May be repeated. */
  settle?: () => Promise<void>;
  readyWithin: number;
  stop: readonly StopStep[];
  report: (line: string) => void;
}

const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 15_000;
const STEADY = 60_000;
/** So many deaths in a row before it was ever ready, and a start has failed. */
const DEATHS_ALLOWED = 4;

/** A child process that is started again when it dies, until it is stopped. */
export class SupervisedProcess {
  private child?: ChildProcess;
  private watcher?: ChildProcess;
  private wanted = false;
  private deaths = 0;
  private bornAt = 0;
  private retry?: NodeJS.Timeout;
  private lastFault = '';
  private settled?: ChildProcess;

  constructor(private readonly spec: ProcessSpec) {}

  get name(): string {
    return this.spec.name;
  }

  /** Undefined while it is down. */
  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** Ends a leftover of an earlier supervisor, starts, and waits until ready. */
  async start(): Promise<void> {
    if (await endRecorded(this.spec.recordFile, this.spec.stop)) {
      this.spec.report(`${this.name}: ended a process that an earlier run had left behind`);
    }
    this.wanted = true;
    this.deaths = 0;
    await this.launch();
    await this.waitReady();
  }

  /** Resolves when it answers that it is ready; fails with its last log lines. */
  async waitReady(within = this.spec.readyWithin): Promise<void> {
    let outcome: 'ready' | 'died' | undefined;
    await until(within, async () => {
      if (await this.isReady()) outcome = 'ready';
      else if (this.deaths >= DEATHS_ALLOWED || !this.wanted) outcome = 'died';
      return outcome !== undefined;
    });
    if (outcome === 'ready') return;
    const why = this.lastFault && ` (${this.lastFault})`;
    const what = outcome === 'died' ? `can't be started${why}` : `is not ready after ${within / 1_000} s${why}`;
    throw new SetupError(
      `${this.name} ${what}. Its last log lines:\n${tailOf(this.spec.logFile)}`,
      `The whole log is in ${this.spec.logFile}`,
    );
  }

  async isReady(): Promise<boolean> {
    const { child } = this;
    if (!child || !(await this.spec.ready().catch(() => false))) return false;
    if (this.settled === child || !this.spec.settle) return true;
    try {
      await this.spec.settle();
      this.settled = child;
    } catch (error) {
      this.lastFault = reasonOf(error);
    }
    return this.settled === child;
  }

  /** Sends a signal to the process itself, as from outside: after SIGKILL it is started again. */
  kill(name: NodeJS.Signals = 'SIGKILL'): void {
    if (this.pid) signal(this.pid, name);
  }

  pause(): void {
    this.kill('SIGSTOP');
  }

  resume(): void {
    this.kill('SIGCONT');
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** Ends it for good: politely first. `steps` cuts the graces short. */
  async stop(steps: readonly StopStep[] = this.spec.stop): Promise<void> {
    this.wanted = false;
    clearTimeout(this.retry);
    const { child } = this;
    const identity = child?.pid === undefined ? undefined : identityOf(child.pid);
    if (child?.pid !== undefined && identity) await endProcess({ pid: child.pid, identity }, steps);
    // Its exit event follows; waiting for it keeps a stop and a start in order.
    await until(5_000, () => this.child === undefined, 5);
  }

  private async launch(): Promise<void> {
    const { spec } = this;
    await spec.prepare?.();
    if (!this.wanted) return;
    const log = openSync(spec.logFile, 'a', 0o600);
    const stdin = spec.orphan === 'watches-stdin' ? 'pipe' : 'ignore';
    const child = spawn(spec.command, spec.args, {
      cwd: spec.cwd,
      env: spec.env,
      // A group of its own: the terminal's Ctrl-C is for the supervisor alone, which stops all in order.
      detached: true,
      stdio: [stdin, log, log],
      ...spec.account,
    });
    closeSync(log);
    this.child = child;
    this.bornAt = performance.now();
    child.stdin?.on('error', () => {});
    child.once('error', (error) => this.onEnd(child, reasonOf(error)));
    child.once('exit', (code, by) => this.onEnd(child, by ? `killed by ${by}` : `exit code ${code}`));
    if (child.pid === undefined) return;
    writeRecord(spec.recordFile, child.pid);
    if (spec.orphan !== 'watches-stdin') this.watcher = watchFor(child.pid, spec.orphan);
  }

  private onEnd(child: ChildProcess, how: string): void {
    if (this.child !== child) return;
    this.child = undefined;
    this.lastFault = how;
    this.watcher?.kill('SIGKILL');
    rmSync(this.spec.recordFile, { force: true });
    if (!this.wanted) return;
    this.deaths = performance.now() - this.bornAt > STEADY ? 1 : this.deaths + 1;
    const pause = Math.min(FIRST_PAUSE * 2 ** (this.deaths - 1), LONGEST_PAUSE);
    this.spec.report(
      `${this.name} stopped (${how}); starting it again in ${pause / 1_000} s. See ${this.spec.logFile}`,
    );
    this.retry = setTimeout(() => this.relaunch(), pause);
  }

  private relaunch(): void {
    this.launch().then(
      // Nobody may be waiting for it, and yet it is to be settled.
      () => this.spec.settle && this.waitReady().catch((error: unknown) => this.spec.report(reasonOf(error))),
      (error: unknown) => {
        this.spec.report(`${this.name} can't be started again: ${reasonOf(error)}`);
        if (this.wanted) this.retry = setTimeout(() => this.relaunch(), LONGEST_PAUSE);
      },
    );
  }
}

/**
 * PostgreSQL and NATS don't notice that their parent is gone. This shell does, because its standard input ends; then
 * it leaves the services a moment to finish, and ends the process, so that nothing is orphaned for good.
 */
function watchFor(pid: number, by: NodeJS.Signals): ChildProcess {
  const script = 'read -r _; sleep 3; kill -s "$1" "$2"';
  const watcher = spawn('/bin/sh', ['-c', script, 'watcher', by.slice('SIG'.length), String(pid)], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watcher.on('error', () => {});
  watcher.stdin.on('error', () => {});
  return watcher;
}

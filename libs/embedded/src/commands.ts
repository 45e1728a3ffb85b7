import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { rotateLog, tailOf } from './logs.js';
import { SetupError, reasonOf } from './setup-error.js';

export interface Command {
  /** What it does, for the message when it fails: `customers: migration`. */
  what: string;
  script: string;
  args?: readonly string[];
  env: NodeJS.ProcessEnv;
  cwd: string;
  logFile: string;
  /** In ms. */
  within: number;
}

/** Runs one of the services' commands to its end; its output goes to a log, whose last lines a failure shows. */
export async function runCommand({ what, script, args = [], env, cwd, logFile, within }: Command): Promise<void> {
  rotateLog(logFile);
  const log = openSync(logFile, 'a', 0o600);
  const child = spawn(process.execPath, [script, ...args], { cwd, env, stdio: ['ignore', log, log], timeout: within });
  closeSync(log);
  const how = await new Promise<string | undefined>((resolve) => {
    child.once('error', (error) => resolve(reasonOf(error)));
    child.once('exit', (code, by) => resolve(by ? `killed by ${by}` : code === 0 ? undefined : `exit code ${code}`));
  });
  if (how === undefined) return;
  throw new SetupError(
    `${what} failed (${how}). Its last log lines:\n${tailOf(logFile)}`,
    `The whole log is in ${logFile}`,
  );
}

import { spawn } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

/** Runs a TypeScript program of the repository, and ends as it ends. */
export function runProgram(path, args) {
  const command = ['--conditions=source', '--import', 'tsx', join(root, path), ...args];
  const program = spawn(process.execPath, command, { stdio: 'inherit' });
  // The terminal's Ctrl-C reaches it too; it stops what it has started.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => program.kill('SIGTERM'));
  program.once('exit', (code) => (process.exitCode = code ?? 1));
}

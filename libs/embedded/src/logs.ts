import { closeSync, fstatSync, openSync, readSync, renameSync, statSync } from 'node:fs';

const LARGE = 10 * 1024 * 1024;
const TAIL = 8_192;

/** Puts a large log aside as `<file>.1`, so that logs stay bounded from start to start. */
export function rotateLog(file: string): void {
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > LARGE) renameSync(file, `${file}.1`);
}

/** The last lines of a log, indented for a message. */
export function tailOf(file: string, lines = 15): string {
  let fd: number;
  try {
    fd = openSync(file, 'r');
  } catch {
    return '  (no log)';
  }
  try {
    const { size } = fstatSync(fd);
    const buffer = Buffer.alloc(Math.min(size, TAIL));
    readSync(fd, buffer, 0, buffer.length, size - buffer.length);
    const text = buffer.toString('utf8').trimEnd().split('\n').slice(-lines);
    return text.map((line) => `  | ${line}`).join('\n');
  } finally {
    closeSync(fd);
  }
}

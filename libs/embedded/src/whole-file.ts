import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';

/** Writes a file that only its owner may read. */
export const writePrivately = (file: string, text: string): void => writeWhole(file, text, 0o600);

/** Puts a file in its place, where one may be that can't be written; a crash leaves the old one or the new one whole. */
export function writeWhole(file: string, text: string, mode: number): void {
  const aside = `${file}.new`;
  rmSync(aside, { force: true });
  const fd = openSync(aside, 'wx', mode);
  try {
    writeSync(fd, text);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(aside, file);
}

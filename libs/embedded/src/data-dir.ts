import { randomUUID } from 'node:crypto';
import { accessSync, chmodSync, constants, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { linkSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { identityOf, readRecord, type ProcessRecord } from './process-identity.js';
import { SetupError, codeOf, reasonOf } from './setup-error.js';

const NEEDED_BYTES = 512 * 1024 * 1024;

/** Makes the data folder fit for use: there, writable, with room on its disk. */
export function openDataDir(dir: string, neededBytes = NEEDED_BYTES): void {
  try {
    const isNew = !existsSync(dir);
    mkdirSync(dir, { recursive: true });
    // PostgreSQL's account must pass through when root starts it; what is private inside has its own bolts.
    if (isNew) chmodSync(dir, process.getuid?.() === 0 ? 0o711 : 0o700);
    accessSync(dir, constants.R_OK | constants.W_OK | constants.X_OK);
    for (const part of ['logs', 'run', 'mail']) mkdirSync(join(dir, part), { recursive: true, mode: 0o700 });
  } catch (error) {
    if (codeOf(error) === 'ENOSPC') throw diskFull(dir, 0, neededBytes);
    throw new SetupError(
      `The data folder ${dir} can't be written (${reasonOf(error)}).`,
      'Make it writable for this user, or choose another one: DATA_DIR=/some/folder npm start',
      error,
    );
  }
  const { bavail, bsize } = statfsSync(dir);
  if (bavail * bsize < neededBytes) throw diskFull(dir, bavail * bsize, neededBytes);
}

const MB = 1024 * 1024;
const diskFull = (dir: string, left: number, needed: number) =>
  new SetupError(
    `The disk is full: ${Math.floor(left / MB)} MB are left for ${dir}, and ${Math.ceil(needed / MB)} MB are needed.`,
    'Free some space, or choose a folder on another disk: DATA_DIR=/some/folder npm start',
  );

interface Lock extends ProcessRecord {
  address: string;
}

/** Keeps a second supervisor off the data folder. Answers how to let go of it. */
export function lockDataDir(dir: string, address: string): () => void {
  const lock = join(dir, 'run/supervisor.json');
  const mine = JSON.stringify({ pid: process.pid, identity: identityOf(process.pid), address, id: randomUUID() });
  const aside = `${lock}.${process.pid}`;
  writeFileSync(aside, mine, { mode: 0o600 });
  try {
    // A link is made only if the name is free, and shows the content at once: there is no half-written lock.
    while (!linked(aside, lock)) {
      const holder = readRecord<Lock>(lock);
      if (holder) {
        throw new SetupError(
          `It is running already on this data folder: process ${holder.pid}, ${holder.address}`,
          `Use that one, stop it (kill ${holder.pid}), or start another copy with its own DATA_DIR and PORT.`,
        );
      }
      takeAway(lock);
    }
  } finally {
    rmSync(aside, { force: true });
  }
  return () => {
    if (existsSync(lock) && readFileSync(lock, 'utf8') === mine) rmSync(lock, { force: true });
  };
}

function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Removes a dead supervisor's lock; if a live one took it over in this very moment, it is put back. */
function takeAway(lock: string): void {
  const away = `${lock}.${randomUUID()}`;
  try {
    renameSync(lock, away);
  } catch {
    return;
  }
  if (readRecord(away)) linked(away, lock);
  rmSync(away, { force: true });
}

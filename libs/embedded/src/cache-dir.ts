import { accessSync, constants, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** Where fetched programs are kept between data folders; inside the data folder when the user's cache can't be written. */
export function cacheDir(dataDir: string, env: NodeJS.ProcessEnv = process.env): string {
  const preferred = env.HFX_CACHE_DIR
    ? resolve(env.HFX_CACHE_DIR)
    : join(env.XDG_CACHE_HOME || join(env.HOME || homedir(), '.cache'), 'hongfuxing');
  for (const dir of [preferred, join(dataDir, 'cache')]) {
    try {
      mkdirSync(dir, { recursive: true });
      accessSync(dir, constants.W_OK);
      return dir;
    } catch {
      // The next one.
    }
  }
  return preferred;
}

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ServiceName } from '#contracts/rpc';

/** The root of the repository; this file is run from the sources by tests, and from `dist` otherwise. */
export function repositoryRoot(): string {
  for (let dir = dirname(fileURLToPath(import.meta.url)); ; dir = dirname(dir)) {
    const manifest = join(dir, 'package.json');
    if (existsSync(manifest) && (JSON.parse(readFileSync(manifest, 'utf8')) as { imports?: object }).imports)
      return dir;
    if (dir === dirname(dir)) throw new Error('No package.json above this program');
  }
}

const FOLDERS: Record<ServiceName, string> = {
  gateway: 'gateway',
  auth: 'auth',
  customers: 'customers',
  sales: 'sales',
  billing: 'billing-reminders',
};

export type Program = 'main' | 'migrate' | 'seed' | 'maintain';
/** The script that a service's program is in. */
export type ProgramPath = (service: ServiceName, program: Program) => string;

export const builtProgram: ProgramPath = (service, program) =>
  join(repositoryRoot(), 'dist/apps', FOLDERS[service], 'src', `${program}.js`);

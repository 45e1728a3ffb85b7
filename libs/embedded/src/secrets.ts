import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { NATS_USERS } from './nats-config.js';
import { writePrivately } from './whole-file.js';
import { DATABASE_SERVICES } from './provision-sql.js';
import { SetupError, reasonOf } from './setup-error.js';

const password = z.string().min(16);
const Secrets = z.object({
  postgres: password,
  roles: z.object(
    Object.fromEntries(DATABASE_SERVICES.map((service) => [service, z.object({ owner: password, runtime: password })])),
  ) as unknown as z.ZodType<Record<(typeof DATABASE_SERVICES)[number], { owner: string; runtime: string }>>,
  /** What auth seals its signing keys with. */
  authKey: z.string().min(32),
  nats: z.record(z.enum(NATS_USERS), password),
});
export type Secrets = z.infer<typeof Secrets>;

export const newPassword = (bytes = 24): string => randomBytes(bytes).toString('base64url');

export function newSecrets(): Secrets {
  const roles = DATABASE_SERVICES.map((service) => [service, { owner: newPassword(), runtime: newPassword() }]);
  const nats = NATS_USERS.map((user) => [user, newPassword()]);
  return Secrets.parse({
    postgres: newPassword(),
    authKey: newPassword(48),
    roles: Object.fromEntries(roles) as unknown,
    nats: Object.fromEntries(nats) as unknown,
  });
}

/** The data folder's passwords, made once and kept in `secrets.json`, which only its owner may read. */
export function loadSecrets(dataDir: string): Secrets {
  const file = join(dataDir, 'secrets.json');
  if (!existsSync(file)) {
    if (existsSync(join(dataDir, 'postgres/data'))) throw broken(`${file} is missing`);
    const secrets = newSecrets();
    writePrivately(file, `${JSON.stringify(secrets, null, 2)}\n`);
    return secrets;
  }
  try {
    return Secrets.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error).replaceAll('\n', ' ') : reasonOf(error);
    throw broken(`${file} can't be read (${reason})`, error);
  }
}

const broken = (what: string, cause?: unknown) =>
  new SetupError(
    `The data folder is broken: ${what}.`,
    'Bring that file back from a backup, or remove the whole data folder to begin anew.',
    cause,
  );

import type { DatabaseConfig } from '#platform/config';
import { dataSourceOptions } from '#platform/database';
import { UsersAndSessions20261123000000 } from '../migrations/20261123000000-users-and-sessions.js';
import { Settings20261128143500 } from '../migrations/20261128143500-settings.js';
import { UserLanguages20261128163100 } from '../migrations/20261128163100-user-languages.js';
import { SigningKey } from './key/signing-key.entity.js';
import { Session } from './session/session.entity.js';
import { User } from './user/user.entity.js';

export const entities = [User, Session, SigningKey];
export const migrations = [UsersAndSessions20261123000000, Settings20261128143500, UserLanguages20261128163100];

export const options = (config: DatabaseConfig) => dataSourceOptions('auth', config, { entities, migrations });

import type { DatabaseConfig } from '#platform/config';
import { dataSourceOptions } from '#platform/database';
import { UsersAndSessions20261123000000 } from '../migrations/20261123000000-users-and-sessions.js';
import { Settings20261128143500 } from '../migrations/20261128143500-settings.js';
import { UserLanguages20261128163100 } from '../migrations/20261128163100-user-languages.js';
import { Teams20261128163700 } from '../migrations/20261128163700-teams.js';
import { ApiTokens20261128164300 } from '../migrations/20261128164300-api-tokens.js';
import { Managers20261128165300 } from '../migrations/20261128165300-managers.js';
import { ApiToken } from './api-token/api-token.entity.js';
import { SigningKey } from './key/signing-key.entity.js';
import { Session } from './session/session.entity.js';
import { Team } from './team/team.entity.js';
import { User } from './user/user.entity.js';

export const entities = [User, Session, SigningKey, ApiToken, Team];
export const migrations = [
  UsersAndSessions20261123000000,
  Settings20261128143500,
  UserLanguages20261128163100,
  Teams20261128163700,
  ApiTokens20261128164300,
  Managers20261128165300,
];

export const options = (config: DatabaseConfig) => dataSourceOptions('auth', config, { entities, migrations });

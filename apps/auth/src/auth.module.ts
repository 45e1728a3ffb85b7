import { Module, type DynamicModule } from '@nestjs/common';
import { platform } from '#platform/platform.module';
import { AccountHandlers } from './account/account.handlers.js';
import { AccountService } from './account/account.service.js';
import { ApiTokenHandlers } from './api-token/api-token.handlers.js';
import { ApiTokenRepository } from './api-token/api-token.repository.js';
import { ApiTokenService } from './api-token/api-token.service.js';
import { AUTH_CONFIG, type AuthConfig } from './config.js';
import { entities, migrations } from './data-source.js';
import { Housekeeping } from './housekeeping.js';
import { SigningKeyHandlers } from './key/signing-key.handlers.js';
import { SigningKeyRepository } from './key/signing-key.repository.js';
import { SigningKeys } from './key/signing-key.service.js';
import { LoginGuardRepository } from './login-guard/login-guard.repository.js';
import { LoginGuard } from './login-guard/login-guard.service.js';
import { Passwords } from './password.js';
import { SessionHandlers } from './session/session.handlers.js';
import { SessionRepository } from './session/session.repository.js';
import { SessionService } from './session/session.service.js';
import { SettingsHandlers } from './settings/settings.handlers.js';
import { SettingsRepository } from './settings/settings.repository.js';
import { SettingsService } from './settings/settings.service.js';
import { SettingsStates } from './settings/settings.states.js';
import { TeamHandlers } from './team/team.handlers.js';
import { TeamRepository } from './team/team.repository.js';
import { TeamService } from './team/team.service.js';
import { TeamStates } from './team/team.states.js';
import { UserHandlers } from './user/user.handlers.js';
import { UserRepository } from './user/user.repository.js';
import { UserService } from './user/user.service.js';
import { UserStates } from './user/user.states.js';
import { Vault } from './vault.js';

@Module({})
export class AuthModule {
  static forRoot(config: AuthConfig, { checkReplies }: { checkReplies?: boolean } = {}): DynamicModule {
    return {
      module: AuthModule,
      imports: [platform({ service: 'auth', config, entities, migrations, checkReplies })],
      controllers: [
        UserHandlers,
        AccountHandlers,
        SessionHandlers,
        ApiTokenHandlers,
        SigningKeyHandlers,
        SettingsHandlers,
        TeamHandlers,
      ],
      providers: [
        { provide: AUTH_CONFIG, useValue: config },
        { provide: Vault, useValue: new Vault(config.AUTH_KEY_SECRET) },
        Passwords,
        UserRepository,
        UserService,
        UserStates,
        SessionRepository,
        SessionService,
        AccountService,
        ApiTokenRepository,
        ApiTokenService,
        SigningKeyRepository,
        SigningKeys,
        LoginGuardRepository,
        LoginGuard,
        SettingsRepository,
        SettingsService,
        SettingsStates,
        TeamRepository,
        TeamService,
        TeamStates,
        Housekeeping,
      ],
    };
  }
}

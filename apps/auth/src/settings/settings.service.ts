import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { staleVersion } from '#contracts/errors';
import { settingsChanged, type Settings, type SettingsPatch } from '#contracts/settings';
import { doerOf, type Call } from '#messaging/handles';
import { Outbox } from '#messaging/outbox';
import { ORG_TIME_ZONE } from '#platform/clock';
import { AUTH_CONFIG, type AuthConfig } from '../config.js';
import { SettingsRepository } from './settings.repository.js';
import { assertManagesSettings, changesBy, stateOf, usualSettings, type KeptSettings } from './settings.rules.js';

@Injectable()
export class SettingsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly settings: SettingsRepository,
    private readonly outbox: Outbox,
    @Inject(ORG_TIME_ZONE) private readonly zone: string,
    @Inject(AUTH_CONFIG) private readonly config: Pick<AuthConfig, 'HFX_CURRENCY'>,
  ) {}

  async get(): Promise<Settings> {
    return this.viewOf(await this.current(this.dataSource.manager));
  }

  /** Errors: `precondition-failed/stale-version`. */
  async update(patch: SettingsPatch, call: Call): Promise<Settings> {
    assertManagesSettings(call.actor);
    return this.dataSource.transaction(async (tx) => {
      const before = await this.current(tx);
      if (typeof call.ifMatch === 'number' && call.ifMatch !== before.version) throw staleVersion(this.viewOf(before));
      const after = { ...before, ...patch, version: before.version + 1 };
      if (!(await this.settings.save(tx, after))) throw staleVersion(this.viewOf(await this.current(tx)));
      await this.outbox.add(tx, settingsChanged, { ...stateOf(after, changesBy(patch, before)), by: doerOf(call) });
      return this.viewOf(after);
    });
  }

  private async current(tx: EntityManager): Promise<KeptSettings> {
    return (await this.settings.find(tx)) ?? usualSettings(this.config.HFX_CURRENCY);
  }

  private viewOf(settings: KeptSettings): Settings {
    return { ...settings, zone: this.zone };
  }
}

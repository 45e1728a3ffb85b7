import { DataSource } from 'typeorm';
import { settingsChanged } from '#contracts/settings';
import { Republishes, type StateEvent } from '#messaging/republish';
import { SettingsRepository } from './settings.repository.js';
import { stateOf } from './settings.rules.js';

/** The settings, for projections that begin anew; until something was changed there is nothing to tell. */
@Republishes()
export class SettingsStates {
  constructor(
    private readonly dataSource: DataSource,
    private readonly settings: SettingsRepository,
  ) {}

  async *states(): AsyncIterable<StateEvent> {
    const kept = await this.settings.find(this.dataSource.manager);
    if (kept) yield { type: settingsChanged, ...stateOf(kept) };
  }
}

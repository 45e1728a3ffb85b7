import type { EntityManager } from 'typeorm';
import { settingsChanged } from '#contracts/settings';
import { isEvent, Projection, type ParsedEvent } from '#messaging/projection';
import { Organisation } from '../organisation/organisation.service.js';

/** What auth tells of the organisation's settings. */
@Projection({ name: 'sales-settings', from: [settingsChanged] })
export class SettingsProjection {
  constructor(private readonly organisation: Organisation) {}

  async apply(tx: EntityManager, events: ParsedEvent[]): Promise<void> {
    for (const event of events) {
      if (!isEvent(settingsChanged, event)) continue;
      await this.organisation.keep(tx, { paymentTermDays: event.data.paymentTermDays, version: event.version });
    }
  }
}

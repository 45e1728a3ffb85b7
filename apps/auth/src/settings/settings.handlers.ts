import { Controller } from '@nestjs/common';
import type { z } from 'zod';
import { getSettings, updateSettings } from '#contracts/settings';
import { Call, Handles, Input } from '#messaging/handles';
import { SettingsService } from './settings.service.js';

@Controller()
export class SettingsHandlers {
  constructor(private readonly settings: SettingsService) {}

  @Handles(getSettings)
  get() {
    return this.settings.get();
  }

  @Handles(updateSettings)
  update(@Input() { patch }: z.output<typeof updateSettings.input>, @Call() call: Call) {
    return this.settings.update(patch, call);
  }
}

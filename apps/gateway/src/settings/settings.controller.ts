import { Body, Controller, Get, Patch } from '@nestjs/common';
import type { z } from 'zod';
import * as settings from '#contracts/settings';
import { Backend } from '../edge/backend.js';
import { From, type Caller } from '../edge/caller.js';
import { Route, V1 } from '../edge/route.js';

@Controller(`${V1}/settings`)
export class SettingsController {
  constructor(private readonly backend: Backend) {}

  @Get()
  @Route({ access: 'settings.read', output: settings.Settings, summary: 'Show what holds for the whole organisation' })
  get(@From() caller: Caller) {
    return this.backend.pass(settings.getSettings, {}, caller);
  }

  @Patch()
  @Route({
    access: 'settings.manage',
    body: settings.SettingsPatch,
    output: settings.Settings,
    summary: "Change the organisation's settings; what is named is replaced as a whole",
  })
  update(@Body() patch: z.input<typeof settings.SettingsPatch>, @From() caller: Caller) {
    return this.backend.pass(settings.updateSettings, { patch }, caller);
  }
}

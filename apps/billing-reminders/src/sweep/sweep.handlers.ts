import { Controller } from '@nestjs/common';
import type { z } from 'zod';
import { startSweep } from '#contracts/billing';
import { Call, Handles, Input } from '#messaging/handles';
import { SweepService } from './sweep.service.js';

@Controller()
export class SweepHandlers {
  constructor(private readonly sweeps: SweepService) {}

  @Handles(startSweep)
  start(@Input() input: z.output<typeof startSweep.input>, @Call() { actor }: Call) {
    return this.sweeps.start(actor, input);
  }
}

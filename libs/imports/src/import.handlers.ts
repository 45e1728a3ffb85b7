import { Controller, type Type } from '@nestjs/common';
import type { z } from 'zod';
import { Call, Handles, Input } from '#messaging/handles';
import { ImportService, type ImportRpcs } from './import.service.js';

type In<R extends keyof ImportRpcs> = z.output<ImportRpcs[R]['input']>;

/** The handlers of one service's import requests. */
export function importHandlers(rpcs: ImportRpcs): Type {
  @Controller()
  class ImportHandlers {
    constructor(private readonly imports: ImportService) {}

    @Handles(rpcs.start)
    start(@Call() call: Call, @Input() input: In<'start'>) {
      return this.imports.start(call, input);
    }

    @Handles(rpcs.append)
    append(@Call() call: Call, @Input() input: In<'append'>) {
      return this.imports.append(call, input);
    }

    @Handles(rpcs.finish)
    finish(@Call() call: Call, @Input() input: In<'finish'>) {
      return this.imports.finish(call, input);
    }

    @Handles(rpcs.abandon)
    abandon(@Call() call: Call, @Input() input: In<'abandon'>) {
      return this.imports.abandon(call, input);
    }

    @Handles(rpcs.get)
    get(@Call() call: Call, @Input() input: In<'get'>) {
      return this.imports.get(call, input);
    }

    @Handles(rpcs.faults)
    faults(@Call() call: Call, @Input() input: In<'faults'>) {
      return this.imports.faults(call, input);
    }
  }
  return ImportHandlers;
}

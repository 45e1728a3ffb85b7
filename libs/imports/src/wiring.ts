import type { Provider, Type } from '@nestjs/common';
import type { ServiceName } from '#contracts/rpc';
import { importHandlers } from './import.handlers.js';
import { ImportRunner } from './import-runner.js';
import { ImportRepository } from './import.repository.js';
import { ImportService, type ImportRpcs } from './import.service.js';
import type { ImportTarget } from './import-target.js';
import { IMPORT_SERVICE, IMPORT_TARGETS } from './tokens.js';

/**
 * What a service adds to its module's `controllers` and `providers` to import: the handlers of the five requests, the
 * runner, and the targets, which may inject whatever the module provides.
 */
export function importing(
  service: ServiceName,
  rpcs: ImportRpcs,
  targets: Type<ImportTarget>[],
): { controllers: Type[]; providers: Provider[] } {
  return {
    controllers: [importHandlers(rpcs)],
    providers: [
      ImportRepository,
      ImportRunner,
      ImportService,
      ...targets,
      { provide: IMPORT_SERVICE, useValue: service },
      { provide: IMPORT_TARGETS, useFactory: (...made: ImportTarget[]) => made, inject: targets },
    ],
  };
}

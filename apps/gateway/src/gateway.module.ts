import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import { platformWithoutDatabase } from '#platform/platform.module';
import { GATEWAY_CONFIG, type GatewayConfig } from './config.js';
import { CONTROLLERS } from './controllers.js';
import { Stakes } from './customers/stakes.js';
import { ApiTokens } from './edge/api-tokens.js';
import { SendAnswer } from './edge/answer.interceptor.js';
import { Backend } from './edge/backend.js';
import { Checks } from './edge/checks.guard.js';
import { STOPWATCH, type Stopwatch } from './edge/remembered.js';
import { ROUTE_TABLE, routeTable, type TableRow } from './edge/route-table.js';
import { SessionEvents } from './edge/session-events.js';
import { Sessions } from './edge/sessions.js';
import { Cards } from './exports/card.js';
import { Exports } from './exports/exports.js';
import { NamesOf } from './exports/names.js';
import { Pages } from './exports/pages.js';
import { Takeaways } from './exports/takeaways.js';
import { Live } from './live/live.js';
import { Uploads } from './imports/uploads.js';
import { LETTER_THREAD, letterThread, Press } from './letters/press.js';
import { ProblemFilter } from './problems/problem.filter.js';

@Module({})
export class GatewayModule {
  static forRoot(
    config: GatewayConfig,
    platform: DynamicModule = platformWithoutDatabase({ service: 'gateway', config }),
    stopwatch: Stopwatch = () => performance.now(),
    thread = letterThread,
  ): DynamicModule {
    return {
      module: GatewayModule,
      imports: [platform],
      controllers: CONTROLLERS,
      providers: [
        { provide: GATEWAY_CONFIG, useValue: config },
        { provide: ROUTE_TABLE, useValue: routeTable(CONTROLLERS) },
        { provide: STOPWATCH, useValue: stopwatch },
        { provide: LETTER_THREAD, useValue: thread },
        Sessions,
        ApiTokens,
        SessionEvents,
        Backend,
        Stakes,
        Uploads,
        Live,
        Pages,
        Takeaways,
        NamesOf,
        Exports,
        Cards,
        Press,
        { provide: APP_GUARD, useClass: Checks },
        { provide: APP_INTERCEPTOR, useClass: SendAnswer },
        {
          provide: APP_FILTER,
          inject: [ROUTE_TABLE],
          useFactory: (table: TableRow[]) => new ProblemFilter(table),
        },
      ],
    };
  }
}

import type { Server } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { DynamicModule } from '@nestjs/common';
import { keepRunning, loggerOf } from '#platform/service';
import type { GatewayConfig } from './config.js';
import { createHttp } from './edge/http.js';

/**
 * Listens until it is asked to stop; then it isn't ready any more, but answers until whoever balances the load has seen
 * that, finishes what is in hand, and only then leaves the bus.
 */
export async function serve(module: DynamicModule, config: GatewayConfig): Promise<void> {
  const app = await createHttp(module, config, loggerOf(config));
  await app.listen({ port: config.PORT, host: config.HOST });
  await keepRunning(app, config, () => sendAway(app.getHttpServer(), config.DRAIN_MS));
}

/** Each answer ends its connection, so that the next request comes by another one, to a replica that stays. */
export async function sendAway(server: Server, ms: number): Promise<void> {
  server.prependListener('request', (_request, response) => void (response.shouldKeepAlive = false));
  await pause(ms);
}

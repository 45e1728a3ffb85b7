import type { DynamicModule } from '@nestjs/common';
import { keepRunning, loggerOf } from '#platform/service';
import type { GatewayConfig } from './config.js';
import { createHttp } from './edge/http.js';

/** Listens until it is asked to stop; then answers what is in hand, and only then leaves the bus. */
export async function serve(module: DynamicModule, config: GatewayConfig): Promise<void> {
  const app = await createHttp(module, config, loggerOf(config));
  await app.listen({ port: config.PORT, host: config.HOST });
  await keepRunning(app, config);
}

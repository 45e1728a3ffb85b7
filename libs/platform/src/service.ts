import 'reflect-metadata';
import type { DynamicModule, INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { AsyncMicroserviceOptions } from '@nestjs/microservices';
import { BusServer } from '#messaging/server';
import type { BaseConfig } from './config.js';
import { HealthServer } from './health.js';
import { createLogger, NestLogger } from './logging.js';
import { startTracing } from './tracing.js';

/** `listen: false` for a process that only works in the background and answers no requests. */
export async function startService(module: DynamicModule, config: BaseConfig, { listen = true } = {}): Promise<void> {
  const logger = loggerOf(config);
  if (!listen) {
    const context = await NestFactory.createApplicationContext(module, { logger, abortOnError: false });
    return keepRunning(context, config);
  }
  const app = await NestFactory.createMicroservice<AsyncMicroserviceOptions>(module, {
    logger,
    abortOnError: false,
    inject: [BusServer],
    useFactory: (strategy: BusServer) => ({ strategy }),
  });
  await app.listen();
  return keepRunning(app, config);
}

export const loggerOf = (config: BaseConfig) => new NestLogger(createLogger(config.SERVICE_NAME, config.LOG_LEVEL));

/** Tells its health from now on, until it is asked to stop; then it `leaves`, finishes what is in hand, and ends. */
export async function keepRunning(
  app: INestApplicationContext,
  config: BaseConfig,
  leave: () => Promise<void> = async () => {},
): Promise<void> {
  const endTracing = await startTracing(config.SERVICE_NAME);
  const health = app.get(HealthServer);
  await health.listen(config.HEALTH_PORT, config.HEALTH_HOST);
  health.setStarted(true);

  let stopping: Promise<void> | undefined;
  const stop = () =>
    (stopping ??= (async () => {
      health.setStarted(false);
      await leave();
      await app.close();
      await endTracing().catch(() => {});
      await health.close();
      process.exit(0);
    })());
  process.once('SIGTERM', () => void stop());
  if (config.HFX_SUPERVISED) {
    // Ctrl-C reaches the whole process group, but the supervisor decides about the order.
    process.on('SIGINT', () => {});
    process.stdin.resume().once('end', () => void stop());
  } else {
    process.once('SIGINT', () => void stop());
  }
}

import 'reflect-metadata';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Runners } from '#messaging/messaging.module';
import { Republisher } from '#messaging/republish';
import type { BaseConfig } from './config.js';
import { loggerOf } from './service.js';

const USAGE = 'usage: maintain.js republish | replay <consumer>';

/**
 * The maintenance command of a service, run as one more replica of it: `republish` tells its whole state anew, so that
 * an emptied projection of another service fills again; `replay` tries the messages again that a consumer has parked.
 * Gives what to tell whoever ran it. Errors: one that says how it is used; a consumer that the service doesn't have.
 */
export async function maintain(
  module: DynamicModule,
  config: BaseConfig,
  [command, consumer, ...rest] = process.argv.slice(2),
): Promise<string> {
  const republish = command === 'republish' && consumer === undefined;
  const replay = command === 'replay' && consumer !== undefined;
  if ((!republish && !replay) || rest.length > 0) throw new Error(USAGE);

  const app = await NestFactory.createApplicationContext(module, { logger: loggerOf(config), abortOnError: false });
  try {
    if (!replay) return `Told anew: ${await app.get(Republisher).run()}`;
    const { replayed, failed } = await app.get(Runners).replayParked(consumer);
    return `Done: ${replayed}; parked again: ${failed}`;
  } finally {
    await app.close();
  }
}

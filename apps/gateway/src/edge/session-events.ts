import type { NatsConnection } from '@nats-io/transport-node';
import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import type { z } from 'zod';
import { apiTokenChanged } from '#contracts/api-tokens';
import { sessionsRevoked, userChanged } from '#contracts/auth';
import { EventEnvelope, type EventType } from '#contracts/event';
import { NATS } from '#messaging/messaging.module';
import { ApiTokens } from './api-tokens.js';
import { Sessions } from './sessions.js';

/**
 * Hears from auth what ends sessions and API tokens. Plain subscriptions: each replica must hear each event, and one that it misses
 * while NATS is away costs no more than the second for which answers are remembered.
 */
@Injectable()
export class SessionEvents implements OnModuleInit {
  private readonly log = new Logger('sessions');

  constructor(
    @Inject(NATS) private readonly nats: NatsConnection,
    private readonly sessions: Sessions,
    private readonly apiTokens: ApiTokens,
  ) {}

  onModuleInit(): void {
    this.hear(sessionsRevoked, ({ userId, sessionId }) => this.sessions.drop(userId, sessionId));
    this.hear(userChanged, ({ id }) => {
      this.sessions.drop(id);
      this.apiTokens.drop();
    });
    this.hear(apiTokenChanged, ({ id, userId }) => {
      this.sessions.drop(userId, id);
      this.apiTokens.drop();
    });
  }

  private hear<D extends z.ZodType>(event: EventType<D>, act: (data: z.output<D>) => void): void {
    this.nats.subscribe(event.subject, {
      callback: (error, message) => {
        if (error) return this.log.error(error);
        const envelope = EventEnvelope.safeParse(message.json());
        const data = envelope.success ? event.data.safeParse(envelope.data.data) : undefined;
        if (data?.success) act(data.data);
        else this.log.error(`An event on ${event.subject} is not what its contract says`);
      },
    });
  }
}

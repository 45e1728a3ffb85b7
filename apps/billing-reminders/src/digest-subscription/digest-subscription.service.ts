import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { z } from 'zod';
import type { DigestSubscription as Shown, NewDigestSubscription } from '#contracts/billing';
import type { Actor } from '#contracts/context';
import { AppError, forbidden, notFound } from '#contracts/errors';
import type { Call } from '#messaging/handles';
import { ORG_TIME_ZONE } from '#platform/clock';
import { byId, decodeCursor, pageOf } from '#platform/cursor';
import { Idempotency } from '#platform/idempotency';
import { UserService } from '../user/user.service.js';
import type { DigestSubscription } from './digest-subscription.entity.js';
import { DigestSubscriptionRepository } from './digest-subscription.repository.js';
import { isTimeZone, mayReceive } from './digest-subscription.rules.js';

@Injectable()
export class DigestSubscriptionService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly subscriptions: DigestSubscriptionRepository,
    private readonly users: UserService,
    private readonly idempotency: Idempotency,
    @Inject(ORG_TIME_ZONE) private readonly zone: string,
  ) {}

  /** Errors: `forbidden` for another user, and for a digest that is not of the recipient's role. */
  async create(call: Call, input: z.output<typeof NewDigestSubscription>): Promise<z.input<typeof Shown>> {
    const { userId = call.actor.userId, zone = this.zone, weekday = null, ...rest } = input;
    if (!mayReceive(await this.roleOf(call.actor, userId), input.kind)) throw forbidden();
    if (!isTimeZone(zone)) throw wrong('/zone', 'unknown-zone', 'Not a time zone such as Asia/Shanghai');
    return this.dataSource.transaction(async (tx) => {
      const { id } = await this.idempotency.once(tx, call, input, async () => {
        const { id } = await this.subscriptions.add(tx, { ...rest, userId, zone, weekday });
        return { id };
      });
      const subscription = await this.subscriptions.find(tx, id);
      // A replay, after it was given up.
      if (!subscription) throw notFound();
      return shown(subscription);
    });
  }

  async list(actor: Actor, { limit, cursor }: { limit: number; cursor?: string }) {
    const binding = { actorId: actor.userId, filter: {} };
    const [after] = decodeCursor(binding, cursor, byId) ?? [];
    const rows = await this.subscriptions.page(this.dataSource.manager, actor, after, limit + 1);
    const page = pageOf(rows, limit, binding, ({ id }) => [id]);
    return { ...page, items: page.items.map(shown) };
  }

  async delete(actor: Actor, id: string): Promise<void> {
    await this.dataSource.transaction(async (tx) => {
      const subscription = await this.subscriptions.find(tx, id);
      if (!subscription?.belongsTo(actor)) throw notFound();
      await this.subscriptions.remove(tx, subscription);
    });
  }

  /** Every subscription whose user is active. */
  async allActive(): Promise<DigestSubscription[]> {
    return this.subscriptions.allActive(this.dataSource.manager);
  }

  private async roleOf(actor: Actor, userId: string) {
    if (userId === actor.userId) return actor.role;
    if (actor.role !== 'administrator') throw forbidden();
    const user = await this.users.find(userId);
    if (!user?.active) throw wrong('/userId', 'unknown-user', 'No such user');
    return user.role;
  }
}

function wrong(pointer: string, code: string, message: string): AppError {
  return new AppError('invalid', 'validation', { errors: [{ pointer, code, message }] });
}

function shown({ id, userId, kind, frequency, weekday, time, zone }: DigestSubscription): z.input<typeof Shown> {
  return { id, userId, kind, frequency, ...(weekday !== null && { weekday }), time, zone };
}

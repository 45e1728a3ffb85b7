import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { Observable } from 'rxjs';
import { findManaged } from '#contracts/teams';
import { Bus } from '#messaging/bus';
import { onwardOf, type AnonymousCall, type Call } from '#messaging/handles';
import type { Judged } from './visible.sql.js';

/**
 * Whom a manager manages is asked of auth before anything is judged: as of now, so that a change of teams counts from
 * the next request (ADR 12).
 */
@Injectable()
export class ManagersSight implements NestInterceptor {
  constructor(private readonly bus: Bus) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const call = context.switchToRpc().getContext<AnonymousCall & Partial<Pick<Call, 'actor'>>>();
    // A new actor: that of a token is remembered with it.
    if (call.actor) call.actor = await this.complete(call.actor, call);
    return next.handle();
  }

  /** The actor with those whom he manages. Errors: those of the question; without an answer nothing is shown. */
  async complete<T extends Judged>(actor: T, call?: AnonymousCall): Promise<T> {
    if (actor.role !== 'manager') return actor;
    const { userIds } = await this.bus.request(findManaged, { userId: actor.userId }, call && onwardOf(call));
    return { ...actor, manages: userIds };
  }
}

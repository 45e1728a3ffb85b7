import type { Actor } from '#contracts/context';
import { createDelegation } from '#contracts/delegations';
import { createTransfer } from '#contracts/transfers';
import { as, type Fixture } from './fixture.js';

/** How customers pass from one to another. */

export const HOUR = 3_600_000;
/** A moment relative to the database's clock, which is this machine's. */
export const at = (hours: number) => new Date(performance.timeOrigin + performance.now() + hours * HOUR).toISOString();

let count = 0;
/** A customer like no other. */
export const some = (f: Fixture, owner: Actor, more = {}) =>
  f.customer(owner, `Customer ${++count}`, `Customer ${count}`, more);
export const delegate = (f: Fixture, owner: Actor, to: Actor, input: object) =>
  f.ask(createDelegation, { delegateId: to.userId, reason: 'leave', ...input }, as(owner));
export const transfer = (f: Fixture, who: Actor, to: Actor, input: object) =>
  f.ask(createTransfer, { toUserId: to.userId, reason: 'leaves', ...input }, as(who));

import type { z } from 'zod';
import type { Permission } from '#access/permissions';
import { userChanged } from '#contracts/auth';
import { reminderChanged } from '#contracts/billing';
import { contactChanged } from '#contracts/contacts';
import { customerChanged } from '#contracts/customers';
import { delegationChanged } from '#contracts/delegations';
import { EventEnvelope, type EventType } from '#contracts/event';
import { followUpRecorded } from '#contracts/follow-ups';
import type { LiveChange } from '#contracts/live';
import { quoteChanged } from '#contracts/quotes';
import { paymentRecorded, productChanged, purchaseChanged } from '#contracts/sales';
import { statusChanged } from '#contracts/statuses';
import { teamChanged, teamRemoved } from '#contracts/teams';
import { customersTransferred } from '#contracts/transfers';

/** A thing that changed, and what tells who may learn of it. */
export interface Change extends LiveChange {
  version: number;
  permission: Permission;
  /** Of the customer that it belongs to, where the event tells; otherwise customers is asked. */
  ownerId?: string;
  /** The customer's owner up to now. */
  formerOwnerId?: string;
  /** The customer is deleted: whoever restores customers learns of it, and of its deletion all who saw it. */
  deleted?: boolean;
  /** Not a matter of a customer: of these users, and of who sees all. */
  userIds?: string[];
}
/** What these users see may have changed at large. */
export interface Upheaval {
  sightOf: string[] | 'everybody';
}
export type Tiding = Change | Upheaval;

type Type = LiveChange['type'];
type Tell<D extends z.ZodType> = (data: z.output<D>, version: number) => Tiding[];
interface Heard {
  event: EventType;
  tell: Tell<z.ZodType>;
}
const heard = <D extends z.ZodType>(event: EventType<D>, tell: Tell<D>) => ({ event, tell }) as unknown as Heard;

/** What is made, by whatever way, has version 1. */
const madeOrChanged = (version: number): Type => (version === 1 ? 'created' : 'updated');
const isNews = ({ action }: { action: string }) => action !== 'republished';

const HEARD: Heard[] = [
  heard(customerChanged, (data, version) => {
    const { id, ownerId, deleted, action } = data;
    const type = ({ deleted: 'removed', restored: 'created' } as Record<string, Type>)[action];
    const change = { type: type ?? madeOrChanged(version), resource: 'customer' as const, id, customerId: id, version };
    return isNews(data) ? [{ ...change, permission: 'customers.read', ownerId, deleted }] : [];
  }),
  heard(customersTransferred, ({ customers }) =>
    customers.map(({ id, version, fromOwnerId, toOwnerId }) => ({
      type: 'updated',
      resource: 'customer',
      id,
      customerId: id,
      version,
      permission: 'customers.read',
      ownerId: toOwnerId,
      formerOwnerId: fromOwnerId,
    })),
  ),
  heard(delegationChanged, (data, version) => {
    const { id, ownerId, delegateId, revokedAt } = data;
    const type = revokedAt === null ? madeOrChanged(version) : 'removed';
    const change = { type, resource: 'delegation' as const, id, version, permission: 'delegations.use' as const };
    return isNews(data) ? [{ ...change, userIds: [ownerId, delegateId] }, { sightOf: [delegateId] }] : [];
  }),
  heard(contactChanged, ({ id, customerId, action }, version) => {
    const type = action === 'deleted' ? 'removed' : madeOrChanged(version);
    return [{ type, resource: 'contact', id, customerId, version, permission: 'customers.read' }];
  }),
  heard(followUpRecorded, ({ id, customerId }, version) => [
    { type: 'created', resource: 'follow-up', id, customerId, version, permission: 'customers.read' },
  ]),
  heard(statusChanged, ({ id, action }, version) => {
    const type = action === 'deleted' ? 'removed' : madeOrChanged(version);
    return [{ type, resource: 'status', id, version, permission: 'statuses.read' }];
  }),
  heard(purchaseChanged, (data, version) => {
    const { id, customerId } = data;
    const change = { type: madeOrChanged(version), resource: 'purchase' as const, id, customerId, version };
    return isNews(data) ? [{ ...change, permission: 'purchases.read' }] : [];
  }),
  heard(paymentRecorded, ({ id, customerId }, version) => [
    { type: 'created', resource: 'payment', id, customerId, version, permission: 'payments.read' },
  ]),
  heard(quoteChanged, (data, version) => {
    const { id, customerId, action } = data;
    const type = action === 'deleted' ? 'removed' : madeOrChanged(version);
    const change = { type, resource: 'quote' as const, id, customerId, version };
    return isNews(data) ? [{ ...change, permission: 'quotes.read' }] : [];
  }),
  heard(productChanged, (data, version) => {
    const type = data.action === 'deleted' ? 'removed' : madeOrChanged(version);
    const change = { type, resource: 'product' as const, id: data.id, version };
    return isNews(data) ? [{ ...change, permission: 'products.read' }] : [];
  }),
  heard(reminderChanged, ({ id, customerId }, version) => [
    { type: madeOrChanged(version), resource: 'reminder', id, customerId, version, permission: 'reminders.read' },
  ]),
  // A disabled owner's delegations give nothing, and who moves to another team is seen by others.
  heard(userChanged, ({ id }, version) => [
    { type: madeOrChanged(version), resource: 'user', id, version, permission: 'users.manage' },
    { sightOf: 'everybody' },
  ]),
  // What managers see hangs on the tree.
  heard(teamChanged, ({ id }, version) => [
    { type: madeOrChanged(version), resource: 'team', id, version, permission: 'teams.read' },
    { sightOf: 'everybody' },
  ]),
  heard(teamRemoved, ({ id }, version) => [
    { type: 'removed', resource: 'team', id, version, permission: 'teams.read' },
    { sightOf: 'everybody' },
  ]),
];
const BY_SUBJECT = new Map(HEARD.map((one) => [one.event.subject, one]));
export const HEARD_SUBJECTS = [...BY_SUBJECT.keys()];

/** What an event means for whoever watches; nothing, for most of what isn't in the table. Throws on what is no event. */
export function tidingsOf(message: unknown): Tiding[] {
  const { subject, version, data } = EventEnvelope.parse(message);
  const one = BY_SUBJECT.get(subject);
  return one ? one.tell(one.event.data.parse(data), version) : [];
}

import type { z } from 'zod';
import { apiTokenChanged } from '#contracts/api-tokens';
import { sessionsRevoked, userChanged } from '#contracts/auth';
import { reminderChanged } from '#contracts/billing';
import { noticeIssued, noticePrinted } from '#contracts/dunning-notices';
import type { EventType } from '#contracts/event';
import { quoteChanged } from '#contracts/quotes';
import { paymentRecorded, productChanged, purchaseChanged } from '#contracts/sales';
import { teamChanged, teamRemoved } from '#contracts/teams';
import { settingsChanged } from '#contracts/settings';
import { isEvent, type ParsedEvent } from '#messaging/projection';
import type { NewEntry, WrittenEntry } from './log.repository.js';

/** What the log says of an event; nothing of one that tells no act, or one that another event tells. */
type Said = Omit<NewEntry, 'kind' | 'by'> | undefined;

/** How events of one kind are read. */
export interface Reading {
  type: EventType;
  read(event: ParsedEvent): Said;
}

/** What sales did to customers, and to the catalogue. A payment is told by its own event, with its amount. */
export const SALES: Reading[] = [
  reading(purchaseChanged, ({ data: { id, customerId, action, ...purchase } }) => {
    if (action === 'republished' || action === 'paid') return undefined;
    const { productName, quantity, unitPrice, payable, soldOn, dueOn, serviceEndsOn, voidReason } = purchase;
    const details = { productName, quantity, unitPrice, payable, soldOn, dueOn, serviceEndsOn, voidReason };
    return { customerId, resource: 'purchase', resourceId: id, action, details };
  }),
  reading(paymentRecorded, ({ data: { id, customerId, purchaseId, amount, paidOn, method, reversesId } }) => {
    const details = { purchaseId, amount, paidOn, method, reversesId };
    return { customerId, resource: 'payment', resourceId: id, action: 'recorded', details };
  }),
  reading(quoteChanged, ({ data: { id, customerId, action, number, total, purchaseIds } }) => {
    if (action === 'republished') return undefined;
    return { customerId, resource: 'quote', resourceId: id, action, details: { number, total, purchaseIds } };
  }),
  reading(productChanged, ({ data: { id, action, code, name, unit, guidePrice, active } }) => {
    if (action === 'republished') return undefined;
    return { resource: 'product', resourceId: id, action, details: { code, name, unit, guidePrice, active } };
  }),
];

/** What billing did. A reminder's note stands with the reminder alone. */
export const BILLING: Reading[] = [
  reading(reminderChanged, ({ data: { id, customerId, state, ...reminder } }) => {
    const { action = state === 'settled' ? 'settled' : 'opened', kind, purchaseId, amount, until, promise } = reminder;
    if (action === 'republished') return undefined;
    const details = { kind, purchaseId, amount, until, promise };
    return { customerId, resource: 'reminder', resourceId: id, action, details };
  }),
  reading(noticeIssued, ({ data: { id, customerId, number, language, payBy, total } }) => {
    const details = { number, language, payBy, total };
    return { customerId, resource: 'dunning-notice', resourceId: id, action: 'issued', details };
  }),
  reading(noticePrinted, ({ data: { noticeId, customerId, number } }) => {
    return { customerId, resource: 'dunning-notice', resourceId: noticeId, action: 'printed', details: { number } };
  }),
];

/** What was done to users, teams and settings, for the audit. Nobody did what is only told again. */
export const AUTH: Reading[] = [
  reading(userChanged, ({ by, version, data: { id, username, displayName, role, teamId, language, active } }) => {
    if (!by) return undefined;
    const details = { username, displayName, role, teamId, language, active };
    return { resource: 'user', resourceId: id, action: version === 1 ? 'created' : 'edited', details };
  }),
  reading(teamChanged, ({ by, version, data: { id, name, parentId } }) => {
    if (!by) return undefined;
    return {
      resource: 'team',
      resourceId: id,
      action: version === 1 ? 'created' : 'edited',
      details: { name, parentId },
    };
  }),
  reading(teamRemoved, ({ data: { id, name } }) => {
    return { resource: 'team', resourceId: id, action: 'deleted', details: { name } };
  }),
  reading(settingsChanged, ({ by, data: { changes } }) =>
    by && changes.length > 0 ? { resource: 'settings', action: 'edited', changes } : undefined,
  ),
  reading(sessionsRevoked, ({ data: { userId, sessionId } }) => {
    return { resource: 'session', resourceId: sessionId ?? undefined, action: 'revoked', details: { userId } };
  }),
  reading(apiTokenChanged, ({ data: { id, action, name, permissions, expiresAt } }) => {
    return { resource: 'api-token', resourceId: id, action, details: { name, permissions, expiresAt } };
  }),
];

/** The entries of what another service did; each has an origin, so that what is told again adds nothing. */
export function entriesOf(readings: readonly Reading[], events: readonly ParsedEvent[]): WrittenEntry[] {
  return events.flatMap((event) => {
    const said = readings.find(({ type }) => type.subject === event.subject)?.read(event);
    if (!said) return [];
    const { subject, aggregateId, version, at } = event;
    const { userId: byUserId, forUserId, delegationId } = event.by ?? {};
    return { ...said, byUserId, forUserId, delegationId, at, origin: `${subject} ${aggregateId} ${version}` };
  });
}

function reading<D extends z.ZodType>(type: EventType<D>, read: (event: ParsedEvent<z.output<D>>) => Said): Reading {
  return { type, read: (event) => (isEvent(type, event) ? read(event) : undefined) };
}

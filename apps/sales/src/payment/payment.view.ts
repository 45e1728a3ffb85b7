import { paymentRecorded, type Payment as PaymentView } from '#contracts/sales';
import type { Doer } from '#contracts/event';
import { newEvent, type NewEvent } from '#messaging/outbox';
import type { Payment } from './payment.entity.js';

export const viewOf = (payment: Payment): PaymentView => ({
  id: payment.id,
  purchaseId: payment.purchaseId,
  amount: payment.amount,
  paidOn: payment.paidOn,
  method: payment.method,
  reference: payment.reference ?? undefined,
  note: payment.note ?? undefined,
  reversesId: payment.reversesId ?? undefined,
  ref: payment.ref ?? undefined,
  createdAt: payment.createdAt.toISOString(),
});

/** What the others are told of a new entry. It stays at version 1, because it never changes. */
export const entryOf = (payment: Payment, customerId: string, by: Doer | null): NewEvent =>
  newEvent(paymentRecorded, {
    aggregateId: payment.id,
    version: 1,
    by,
    data: { ...viewOf(payment), customerId },
  });

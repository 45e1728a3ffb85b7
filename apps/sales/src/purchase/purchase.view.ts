import { purchaseChanged, type Purchase as PurchaseView } from '#contracts/sales';
import type { Doer } from '#contracts/event';
import { newEvent, type NewEvent } from '#messaging/outbox';
import { exact } from '../money.js';
import type { Purchase } from './purchase.entity.js';

export type PurchaseAction = 'recorded' | 'edited' | 'paid' | 'renewed' | 'voided' | 'imported' | 'republished';

export const viewOf = (purchase: Purchase): PurchaseView => ({
  id: purchase.id,
  customerId: purchase.customerId,
  productId: purchase.productId,
  productName: purchase.productName,
  unit: purchase.unit,
  quantity: exact(purchase.quantity).toFixed(),
  guidePrice: purchase.guidePrice,
  unitPrice: purchase.unitPrice,
  payable: purchase.payable,
  paid: purchase.paid,
  balance: purchase.balance,
  inArrears: purchase.inArrears,
  soldOn: purchase.soldOn,
  dueOn: purchase.dueOn,
  soldById: purchase.soldById,
  annualFee: purchase.annualFee ?? undefined,
  serviceEndsOn: purchase.serviceEndsOn ?? undefined,
  remind: purchase.remind,
  renewsId: purchase.renewsId ?? undefined,
  ref: purchase.ref ?? undefined,
  voidedOn: purchase.voidedOn ?? undefined,
  voidReason: purchase.voidReason ?? undefined,
  createdAt: purchase.createdAt.toISOString(),
  updatedAt: purchase.updatedAt.toISOString(),
  version: purchase.version,
});

/** What the others are told of a purchase as it stands. */
export const changeOf = (purchase: Purchase, action: PurchaseAction, by: Doer | null): NewEvent =>
  newEvent(purchaseChanged, {
    aggregateId: purchase.id,
    version: purchase.version,
    by,
    data: { ...viewOf(purchase), productCode: purchase.productCode, action },
  });

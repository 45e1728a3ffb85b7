import { idempotencyKey, ifMatch } from '#client/headers';
import type { components } from '#client/schema';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { NewRenewal } from '#contracts/renewals';
import { client } from '../../api/client.js';
import { useOperation } from '../message/useOperation.js';
import type { Purchase } from './purchase.queries.js';

type Schemas = components['schemas'];
const REFRESHES = [['purchases'], ['payments'], ['last-prices'], ['log'], ['arrears'], ['service-fees'], ['reminders']];
const pathOf = ({ customerId, id }: Purchase) => ({ customerId, purchaseId: id });

/** `key`: made once for what is done once, however often it is sent. */
export function usePurchaseOperations() {
  const { t } = useTranslation();
  return {
    record: useOperation({
      run: ({ customerId, purchases, key }: { customerId: string; purchases: Schemas['NewPurchase'][]; key: string }) =>
        client.post('/customers/{customerId}/purchases', {
          params: { path: { customerId }, header: idempotencyKey(key) },
          body: { purchases },
        }),
      what: ({ purchases }) => t('purchase.did.record', { count: purchases.length }),
      refreshes: REFRESHES,
    }),
    edit: useOperation({
      run: ({ purchase, patch }: { purchase: Purchase; patch: Schemas['PurchasePatch'] }) =>
        client.patch('/customers/{customerId}/purchases/{purchaseId}', {
          params: { path: pathOf(purchase), header: ifMatch(purchase.version) },
          body: patch,
        }),
      what: ({ purchase }) => t('purchase.did.edit', { name: purchase.productName }),
      refreshes: REFRESHES,
    }),
    cancel: useOperation({
      run: ({ purchase, reason }: { purchase: Purchase; reason: string }) =>
        client.post('/customers/{customerId}/purchases/{purchaseId}/void', {
          params: { path: pathOf(purchase) },
          body: { reason },
        }),
      what: ({ purchase }) => t('purchase.did.void', { name: purchase.productName }),
      refreshes: REFRESHES,
    }),
    pay: useOperation({
      run: ({ purchase, payment, key }: { purchase: Purchase; payment: Schemas['NewPayment']; key: string }) =>
        client.post('/customers/{customerId}/purchases/{purchaseId}/payments', {
          params: { path: pathOf(purchase), header: idempotencyKey(key) },
          body: payment,
        }),
      what: ({ purchase, payment }) =>
        payment.reversesId
          ? t('payment.did.reverse', { name: purchase.productName })
          : t('payment.did.record', { name: purchase.productName, amount: payment.amount }),
      refreshes: REFRESHES,
    }),
    renew: useOperation({
      run: ({ purchase, renewal, key }: { purchase: Purchase; renewal: z.input<typeof NewRenewal>; key: string }) =>
        client.post('/customers/{customerId}/purchases/{purchaseId}/renewals', {
          params: { path: pathOf(purchase), header: idempotencyKey(key) },
          body: renewal,
        }),
      what: ({ purchase, renewal }) => t('purchase.did.renew', { name: purchase.productName, years: renewal.years }),
      refreshes: REFRESHES,
    }),
  };
}

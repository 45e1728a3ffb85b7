import type { ParseKeys } from 'i18next';
import type { ImportKind } from './import.queries.js';

/** What a file's columns are called on the screen. */
export const MEANINGS: Record<ImportKind, Record<string, ParseKeys>> = {
  customers: {
    code: 'customer.code',
    name: 'customer.name',
    keyword: 'customer.keyword',
    status: 'customer.status',
    owner: 'imports.owner',
    created_on: 'customer.createdOn',
    phone: 'customer.phone',
    email: 'customer.email',
    address: 'customer.address',
    region: 'customer.region',
    industry: 'customer.industry',
    source: 'customer.source',
    note: 'customer.note',
  },
  products: {
    code: 'product.code',
    name: 'product.name',
    category: 'product.category',
    unit: 'product.unit',
    guide_price: 'product.guidePrice',
    kind: 'imports.productKind',
    annual_fee: 'purchase.annualFee',
    service_months: 'catalogue.serviceMonths',
  },
  purchases: {
    ref: 'imports.ref',
    customer_code: 'customer.code',
    product_code: 'imports.productCode',
    quantity: 'purchase.quantity',
    unit_price: 'purchase.unitPrice',
    sold_on: 'purchase.soldOn',
    due_on: 'purchase.dueOn',
    annual_fee: 'purchase.annualFee',
    service_ends_on: 'purchase.serviceEndsOn',
    remind: 'purchase.remind',
  },
  payments: {
    ref: 'imports.ref',
    purchase_ref: 'imports.purchaseRef',
    amount: 'payment.amount',
    paid_on: 'payment.paidOn',
    method: 'payment.method',
  },
};

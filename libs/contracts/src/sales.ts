import { z } from 'zod';
import {
  BusinessDate,
  Done,
  Id,
  Money,
  NonNegativeMoney,
  Quantity,
  Span,
  Timestamp,
  Version,
  line,
  pageOf,
  pageQuery,
  prose,
} from './common.js';
import { event } from './event.js';
import { rpc } from './rpc.js';

// ---------------------------------------------------------------- catalogue

export const ProductCategory = z.object({
  id: Id,
  name: z.string(),
  parentId: Id.optional(),
  position: z.int(),
  version: Version,
});
export const NewProductCategory = z.strictObject({ name: line(100), parentId: Id.optional() });
export const ProductCategoryPatch = z.strictObject({
  name: line(100).optional(),
  parentId: Id.nullable().optional(),
  position: z.int().min(0).max(10_000).optional(),
});
export const listProductCategories = rpc('sales.category.list', {
  input: z.strictObject({}),
  output: z.object({ items: z.array(ProductCategory), nextCursor: z.null() }),
});
export const createProductCategory = rpc('sales.category.create', {
  input: NewProductCategory,
  output: ProductCategory,
});
export const updateProductCategory = rpc('sales.category.update', {
  input: z.strictObject({ categoryId: Id, patch: ProductCategoryPatch }),
  output: ProductCategory,
});
/** Refused with `rule-violated/category-in-use` while it holds products or categories. */
export const deleteProductCategory = rpc('sales.category.delete', {
  input: z.strictObject({ categoryId: Id }),
  output: Done,
});

const product = {
  code: line(64),
  name: line(200),
  categoryId: Id.optional(),
  unit: line(20),
  guidePrice: NonNegativeMoney,
  kind: z.enum(['goods', 'service']),
  /** Filled into a purchase that does not name its own. */
  annualFee: NonNegativeMoney.optional(),
  serviceMonths: z.int().min(1).max(600).optional(),
  /** How long before the service's end its fee is asked for, such as `P2M` or `P45D`. Left out: the organisation's. */
  serviceFeeLead: Span.optional(),
};
export const Product = z.object({
  id: Id,
  ...product,
  code: z.string(),
  name: z.string(),
  unit: z.string(),
  guidePrice: z.string(),
  annualFee: z.string().optional(),
  categoryName: z.string().optional(),
  active: z.boolean(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
  version: Version,
});
export type Product = z.infer<typeof Product>;
export const NewProduct = z.strictObject({ ...product, active: z.boolean().optional() });
export const ProductPatch = z.strictObject({
  ...z.strictObject({ ...product, active: z.boolean() }).partial().shape,
  categoryId: Id.nullable().optional(),
  annualFee: NonNegativeMoney.nullable().optional(),
  serviceMonths: z.int().min(1).max(600).nullable().optional(),
  serviceFeeLead: Span.nullable().optional(),
});
export const ProductQuery = z.strictObject({
  ...pageQuery,
  /** With everything below it. */
  categoryId: Id.optional(),
  q: line(100).optional(),
  active: z.stringbool().optional(),
});
export const listProducts = rpc('sales.product.list', { input: ProductQuery, output: pageOf(Product) });
export const createProduct = rpc('sales.product.create', { input: NewProduct, output: Product });
export const getProduct = rpc('sales.product.get', { input: z.strictObject({ productId: Id }), output: Product });
export const updateProduct = rpc('sales.product.update', {
  input: z.strictObject({ productId: Id, patch: ProductPatch }),
  output: Product,
});
/** Refused with `rule-violated/product-in-use` once it was sold: such a product is made inactive instead. */
export const deleteProduct = rpc('sales.product.delete', { input: z.strictObject({ productId: Id }), output: Done });

// ---------------------------------------------------------------- purchases

export const Purchase = z.object({
  id: Id,
  customerId: Id,
  productId: Id,
  productName: z.string(),
  unit: z.string(),
  quantity: z.string(),
  guidePrice: z.string(),
  unitPrice: z.string(),
  payable: z.string(),
  paid: z.string(),
  balance: z.string(),
  inArrears: z.boolean(),
  soldOn: BusinessDate,
  dueOn: BusinessDate,
  soldById: Id,
  annualFee: z.string().optional(),
  serviceEndsOn: BusinessDate.optional(),
  remind: z.boolean(),
  /** Of a service fee: the purchase whose service it renewed. */
  renewsId: Id.optional(),
  ref: z.string().optional(),
  voidedOn: BusinessDate.optional(),
  voidReason: z.string().optional(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
  version: Version,
});
export type Purchase = z.infer<typeof Purchase>;

export const NewPurchase = z.strictObject({
  productId: Id,
  quantity: Quantity,
  /** Left out: the product's guide price. */
  unitPrice: NonNegativeMoney.optional(),
  /** Left out: today. */
  soldOn: BusinessDate.optional(),
  /** Left out: sold-on + the customer's payment term, or else the organisation's. */
  dueOn: BusinessDate.optional(),
  /** Booked as a first payment on the day of the sale. */
  paid: NonNegativeMoney.optional(),
  annualFee: NonNegativeMoney.optional(),
  serviceEndsOn: BusinessDate.optional(),
  remind: z.boolean().optional(),
});
export const NewPurchases = z.strictObject({ purchases: z.array(NewPurchase).min(1).max(100) });
export const PurchasePatch = z.strictObject({
  quantity: Quantity.optional(),
  unitPrice: NonNegativeMoney.optional(),
  dueOn: BusinessDate.optional(),
  annualFee: NonNegativeMoney.nullable().optional(),
  serviceEndsOn: BusinessDate.nullable().optional(),
  remind: z.boolean().optional(),
});
export const PurchaseQuery = z.strictObject({
  ...pageQuery,
  inArrears: z.stringbool().optional(),
  includeVoided: z.stringbool().optional(),
});

const ofCustomer = { customerId: Id };
const ofPurchase = { ...ofCustomer, purchaseId: Id };
export const listPurchases = rpc('sales.purchase.list', {
  input: PurchaseQuery.extend(ofCustomer),
  output: pageOf(Purchase),
});
/** All of them are saved, or none. */
export const createPurchases = rpc('sales.purchase.create', {
  input: NewPurchases.extend(ofCustomer),
  output: z.object({ items: z.array(Purchase) }),
});
export const getPurchase = rpc('sales.purchase.get', { input: z.strictObject(ofPurchase), output: Purchase });
export const updatePurchase = rpc('sales.purchase.update', {
  input: z.strictObject({ ...ofPurchase, patch: PurchasePatch }),
  output: Purchase,
});
export const PurchaseVoid = z.strictObject({ reason: line(500), voidedOn: BusinessDate.optional() });
/** Refused with `rule-violated/money-booked` while paid is not zero. */
export const voidPurchase = rpc('sales.purchase.void', { input: PurchaseVoid.extend(ofPurchase), output: Purchase });

// ---------------------------------------------------------------- payments

export const PaymentMethod = z.enum(['cash', 'transfer', 'card', 'wechat', 'alipay', 'other']);
export const Payment = z.object({
  id: Id,
  purchaseId: Id,
  /** Signed: a refund or a reversal is negative. */
  amount: z.string(),
  paidOn: BusinessDate,
  method: PaymentMethod,
  reference: z.string().optional(),
  note: z.string().optional(),
  reversesId: Id.optional(),
  ref: z.string().optional(),
  createdAt: Timestamp,
});
export type Payment = z.infer<typeof Payment>;
/** Either an `amount`, negative for a refund, or the payment that it reverses. */
export const NewPayment = z
  .strictObject({
    amount: Money.regex(/[1-9]/, 'Not zero').optional(),
    reversesId: Id.optional(),
    /** Left out: today. */
    paidOn: BusinessDate.optional(),
    method: PaymentMethod.optional(),
    reference: line(100).optional(),
    note: prose(1_000).optional(),
  })
  .refine((input) => (input.amount === undefined) !== (input.reversesId === undefined), {
    path: ['amount'],
    message: 'Either an amount or the payment that it reverses',
  });
export const PaymentQuery = z.strictObject(pageQuery);
export const listPayments = rpc('sales.payment.list', {
  input: PaymentQuery.extend(ofPurchase),
  output: pageOf(Payment),
});
/** Refused with `rule-violated/overpaid` when paid would exceed payable, `/underpaid` when it would fall below zero. */
export const recordPayment = rpc('sales.payment.record', {
  input: z.strictObject({ ...ofPurchase, payment: NewPayment }),
  output: Payment,
});

// ---------------------------------------------------------------- events

/** The product as it stands in the catalogue. */
export const productChanged = event(
  'sales.product.changed',
  Product.omit({ createdAt: true, updatedAt: true, version: true, categoryName: true }).extend({
    action: z.enum(['created', 'edited', 'deleted', 'imported', 'republished']),
  }),
);
/** The purchase as it stands, with the sum of its payments. */
export const purchaseChanged = event(
  'sales.purchase.changed',
  Purchase.omit({ createdAt: true, updatedAt: true, version: true, inArrears: true }).extend({
    productCode: z.string(),
    /** `paid`: its ledger has a new entry, of which `paymentRecorded` tells. `renewed`: its service ends later. */
    action: z.enum(['recorded', 'edited', 'paid', 'renewed', 'voided', 'imported', 'republished']),
  }),
);
/** One line of the ledger. Its aggregate is the payment: version 1, for ever. */
export const paymentRecorded = event(
  'sales.payment.recorded',
  Payment.omit({ createdAt: true, note: true, reference: true }).extend({ customerId: Id }),
);

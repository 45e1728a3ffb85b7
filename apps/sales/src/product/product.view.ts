import type { Doer } from '#contracts/event';
import { productChanged, type Product as ProductView } from '#contracts/sales';
import { newEvent, type NewEvent } from '#messaging/outbox';
import type { Product } from './product.entity.js';
import type { ListedProduct } from './product.repository.js';

export type ProductAction = 'created' | 'edited' | 'deleted' | 'imported' | 'republished';

export const viewOf = (product: Product | ListedProduct): ProductView => ({
  id: product.id,
  code: product.code,
  name: product.name,
  categoryId: product.categoryId ?? undefined,
  categoryName: ('categoryName' in product ? product.categoryName : null) ?? undefined,
  unit: product.unit,
  guidePrice: product.guidePrice,
  kind: product.kind,
  annualFee: product.annualFee ?? undefined,
  serviceMonths: product.serviceMonths ?? undefined,
  serviceFeeLead: product.serviceFeeLead ?? undefined,
  active: product.active,
  createdAt: product.createdAt.toISOString(),
  updatedAt: product.updatedAt.toISOString(),
  version: product.version,
});

/** What the others are told of a product as it stands. */
export const changeOf = (product: Product, action: ProductAction, by: Doer | null): NewEvent =>
  newEvent(productChanged, {
    aggregateId: product.id,
    version: product.version,
    by,
    data: { ...viewOf(product), action },
  });

import type { components } from '#client/schema';
import dayjs from 'dayjs';
import type { Product } from '../product/product.queries.js';

/** A line of zone 7 that isn't saved yet, as its fields hold it. */
export interface NewLine {
  key: string;
  productId: string;
  productName: string;
  unit: string;
  guidePrice: string;
  quantity: string;
  unitPrice: string;
  paid: string;
  soldOn: string;
  dueOn: string;
  annualFee: string;
  serviceEndsOn: string;
  remind: boolean;
}

/** The guide price is filled in, and what the product says of its service. */
export function lineOf(product: Product, today: string): NewLine {
  const { id, name, unit, guidePrice, annualFee = '', serviceMonths } = product;
  const serviceEndsOn = serviceMonths ? dayjs(today).add(serviceMonths, 'month').format('YYYY-MM-DD') : '';
  return {
    key: crypto.randomUUID(),
    productId: id,
    productName: name,
    unit,
    guidePrice,
    quantity: '1',
    unitPrice: guidePrice,
    paid: '',
    soldOn: today,
    dueOn: '',
    annualFee,
    serviceEndsOn,
    remind: annualFee !== '' && serviceEndsOn !== '',
  };
}

/** As the API takes it: what was left empty is left out. */
export function purchaseOf(line: NewLine): components['schemas']['NewPurchase'] {
  const { productId, quantity, unitPrice, paid, soldOn, dueOn, annualFee, serviceEndsOn, remind } = line;
  return {
    productId,
    quantity,
    ...(unitPrice && { unitPrice }),
    ...(soldOn && { soldOn }),
    ...(dueOn && { dueOn }),
    ...(paid && { paid }),
    ...(annualFee && { annualFee }),
    ...(serviceEndsOn && { serviceEndsOn }),
    ...(remind && { remind }),
  };
}

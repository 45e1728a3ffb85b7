import type { DatabaseConfig } from '#platform/config';
import { dataSourceOptions } from '#platform/database';
import { Sales20261123000000 } from '../migrations/20261123000000-sales.js';
import { Quotes20261128130300 } from '../migrations/20261128130300-quotes.js';
import { Renewals20261128130400 } from '../migrations/20261128130400-renewals.js';
import { Settings20261128170200 } from '../migrations/20261128170200-settings.js';
import { ProductCategory } from './category/category.entity.js';
import { Payment } from './payment/payment.entity.js';
import { Product } from './product/product.entity.js';
import { Purchase } from './purchase/purchase.entity.js';
import { QuoteLine } from './quote/quote-line.entity.js';
import { Quote } from './quote/quote.entity.js';

export const entities = [ProductCategory, Product, Purchase, Payment, Quote, QuoteLine];
export const migrations = [Sales20261123000000, Quotes20261128130300, Renewals20261128130400, Settings20261128170200];

export const options = (config: DatabaseConfig) => dataSourceOptions('sales', config, { entities, migrations });

import type { DatabaseConfig } from '#platform/config';
import { dataSourceOptions } from '#platform/database';
import { Sales20261123000000 } from '../migrations/20261123000000-sales.js';
import { ProductCategory } from './category/category.entity.js';
import { Payment } from './payment/payment.entity.js';
import { Product } from './product/product.entity.js';
import { Purchase } from './purchase/purchase.entity.js';

export const entities = [ProductCategory, Product, Purchase, Payment];
export const migrations = [Sales20261123000000];

export const options = (config: DatabaseConfig) => dataSourceOptions('sales', config, { entities, migrations });

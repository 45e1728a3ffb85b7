import { Module, type DynamicModule } from '@nestjs/common';
import { salesImports } from '#contracts/imports';
import { importing } from '#imports/wiring';
import { platform } from '#platform/platform.module';
import { CategoryHandlers } from './category/category.handlers.js';
import { CategoryRepository } from './category/category.repository.js';
import { CategoryService } from './category/category.service.js';
import type { SalesConfig } from './config.js';
import { entities, migrations } from './data-source.js';
import { Ledger } from './payment/ledger.service.js';
import { PaymentHandlers } from './payment/payment.handlers.js';
import { PaymentImport } from './payment/payment.import.js';
import { PaymentRepository } from './payment/payment.repository.js';
import { PaymentService } from './payment/payment.service.js';
import { PaymentStates } from './payment/payment.states.js';
import { ProductHandlers } from './product/product.handlers.js';
import { ProductImport } from './product/product.import.js';
import { ProductRepository } from './product/product.repository.js';
import { ProductService } from './product/product.service.js';
import { PurchaseHandlers } from './purchase/purchase.handlers.js';
import { PurchaseImport } from './purchase/purchase.import.js';
import { PurchaseRepository } from './purchase/purchase.repository.js';
import { PurchaseService } from './purchase/purchase.service.js';
import { PurchaseStates } from './purchase/purchase.states.js';

const imports = importing('sales', salesImports, [ProductImport, PurchaseImport, PaymentImport]);

@Module({})
export class SalesModule {
  /** `checkReplies`: for tests. */
  static forRoot(config: SalesConfig, { checkReplies = false } = {}): DynamicModule {
    return {
      module: SalesModule,
      imports: [platform({ service: 'sales', config, entities, migrations, checkReplies })],
      controllers: [CategoryHandlers, ProductHandlers, PurchaseHandlers, PaymentHandlers, ...imports.controllers],
      providers: [
        ...[CategoryRepository, CategoryService],
        ...[ProductRepository, ProductService],
        ...[PurchaseRepository, PurchaseService],
        ...[PaymentRepository, PaymentService, Ledger],
        // Told anew in this order: no purchase looks unpaid to anybody until its payments have come too.
        ...[PaymentStates, PurchaseStates],
        ...imports.providers,
      ],
    };
  }
}

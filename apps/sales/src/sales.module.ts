import { Module, type DynamicModule } from '@nestjs/common';
import { salesImports } from '#contracts/imports';
import { importing } from '#imports/wiring';
import { platform } from '#platform/platform.module';
import { CategoryHandlers } from './category/category.handlers.js';
import { CategoryRepository } from './category/category.repository.js';
import { CategoryService } from './category/category.service.js';
import type { SalesConfig } from './config.js';
import { entities, migrations } from './data-source.js';
import { LastPriceHandlers } from './last-price/last-price.handlers.js';
import { LastPriceRepository } from './last-price/last-price.repository.js';
import { LastPriceService } from './last-price/last-price.service.js';
import { OrganisationRepository } from './organisation/organisation.repository.js';
import { Organisation } from './organisation/organisation.service.js';
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
import { ProductStates } from './product/product.states.js';
import { SettingsProjection } from './projections/settings.projection.js';
import { PurchaseHandlers } from './purchase/purchase.handlers.js';
import { PurchaseImport } from './purchase/purchase.import.js';
import { PurchaseRepository } from './purchase/purchase.repository.js';
import { PurchaseService } from './purchase/purchase.service.js';
import { PurchaseStates } from './purchase/purchase.states.js';
import { Seller } from './purchase/seller.service.js';
import { QuoteConverter } from './quote/quote.converter.js';
import { QuoteHandlers } from './quote/quote.handlers.js';
import { QuoteRepository } from './quote/quote.repository.js';
import { QuoteService } from './quote/quote.service.js';
import { QuoteStates } from './quote/quote.states.js';
import { RenewalHandlers } from './renewal/renewal.handlers.js';
import { RenewalService } from './renewal/renewal.service.js';

const imports = importing('sales', salesImports, [ProductImport, PurchaseImport, PaymentImport]);
const HANDLERS = [
  ...[CategoryHandlers, ProductHandlers, PurchaseHandlers, PaymentHandlers],
  ...[QuoteHandlers, LastPriceHandlers, RenewalHandlers],
];

@Module({})
export class SalesModule {
  /** `checkReplies`: for tests. */
  static forRoot(config: SalesConfig, { checkReplies = false } = {}): DynamicModule {
    return {
      module: SalesModule,
      imports: [platform({ service: 'sales', config, entities, migrations, checkReplies })],
      controllers: [...HANDLERS, ...imports.controllers],
      providers: [
        ...[CategoryRepository, CategoryService],
        ...[ProductRepository, ProductService],
        ...[OrganisationRepository, Organisation, SettingsProjection],
        ...[PurchaseRepository, PurchaseService, Seller],
        ...[PaymentRepository, PaymentService, Ledger, RenewalService],
        ...[QuoteRepository, QuoteService, QuoteConverter],
        ...[LastPriceRepository, LastPriceService],
        // Told anew in this order: no purchase looks unpaid to anybody until its payments have come too.
        ...[ProductStates, PaymentStates, PurchaseStates, QuoteStates],
        ...imports.providers,
      ],
    };
  }
}

import { DigestController } from './billing/digest.controller.js';
import { DunningNoticeController } from './billing/dunning-notice.controller.js';
import { ReceivableController } from './billing/receivable.controller.js';
import { ReminderController } from './billing/reminder.controller.js';
import { SalesStatisticsController } from './billing/statistics.controller.js';
import { BulkController } from './customers/bulk.controller.js';
import { ContactController } from './customers/contact.controller.js';
import { CustomFieldController } from './customers/custom-field.controller.js';
import { CustomerCountsController } from './customers/customer-counts.controller.js';
import { CustomerController } from './customers/customer.controller.js';
import { DelegationController } from './customers/delegation.controller.js';
import { FollowUpController } from './customers/follow-up.controller.js';
import { HandOverController } from './customers/hand-over.controller.js';
import { LogController } from './customers/log.controller.js';
import { SavedViewController } from './customers/saved-view.controller.js';
import { StatusController } from './customers/status.controller.js';
import { TransferController } from './customers/transfer.controller.js';
import { ExportController } from './exports/export.controller.js';
import { HealthController } from './health/health.controller.js';
import { ImportController } from './imports/import.controller.js';
import { LiveController } from './live/live.controller.js';
import { OpenApiController } from './openapi/openapi.controller.js';
import { CategoryController } from './sales/category.controller.js';
import { ProductController } from './sales/product.controller.js';
import { PurchaseController } from './sales/purchase.controller.js';
import { QuoteController } from './sales/quote.controller.js';
import { SessionController } from './session/session.controller.js';
import { SettingsController } from './settings/settings.controller.js';
import { TeamController } from './teams/team.controller.js';
import { ApiTokenController } from './users/api-token.controller.js';
import { UserController } from './users/user.controller.js';

/** All that the gateway serves. */
export const CONTROLLERS = [
  SessionController,
  UserController,
  ApiTokenController,
  SettingsController,
  TeamController,
  StatusController,
  CustomFieldController,
  SavedViewController,
  CustomerCountsController,
  BulkController,
  CustomerController,
  ContactController,
  FollowUpController,
  LogController,
  TransferController,
  HandOverController,
  DelegationController,
  CategoryController,
  ProductController,
  PurchaseController,
  QuoteController,
  ReceivableController,
  ReminderController,
  SalesStatisticsController,
  DunningNoticeController,
  DigestController,
  ImportController,
  ExportController,
  LiveController,
  OpenApiController,
  HealthController,
];

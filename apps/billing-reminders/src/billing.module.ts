import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { platform } from '#platform/platform.module';
import { ArrearsHandlers } from './arrears/arrears.handlers.js';
import { ArrearsRepository } from './arrears/arrears.repository.js';
import { ArrearsService } from './arrears/arrears.service.js';
import { BILLING_CONFIG, type BillingConfig } from './config.js';
import { entities, migrations } from './data-source.js';
import { DigestSubscriptionHandlers } from './digest-subscription/digest-subscription.handlers.js';
import { DigestSubscriptionRepository } from './digest-subscription/digest-subscription.repository.js';
import { DigestSubscriptionService } from './digest-subscription/digest-subscription.service.js';
import { DigestContents } from './digest/digest.content.js';
import { DueFollowUps } from './digest/digest.follow-ups.js';
import { DigestHandlers } from './digest/digest.handlers.js';
import { DigestPost } from './digest/digest.post.js';
import { DigestRepository } from './digest/digest.repository.js';
import { DigestSender } from './digest/digest.sender.js';
import { DigestService } from './digest/digest.service.js';
import { DigestWorker } from './digest/digest.worker.js';
import { NoticeHandlers } from './dunning-notice/notice.handlers.js';
import { NoticeRepository } from './dunning-notice/notice.repository.js';
import { NoticeService } from './dunning-notice/notice.service.js';
import { NoticeStates } from './dunning-notice/notice.states.js';
import { LedgerHandlers } from './ledger/ledger.handlers.js';
import { LedgerRepository } from './ledger/ledger.repository.js';
import { LedgerService } from './ledger/ledger.service.js';
import { Mailer } from './mail/mailer.js';
import { OrganisationRepository } from './organisation/organisation.repository.js';
import { Organisation } from './organisation/organisation.service.js';
import { CustomersProjection } from './projections/customers.projection.js';
import { SalesProjection } from './projections/sales.projection.js';
import { UsersProjection } from './projections/users.projection.js';
import { ReminderActions } from './reminder/reminder.actions.js';
import { ReminderHandlers } from './reminder/reminder.handlers.js';
import { ReminderRepository } from './reminder/reminder.repository.js';
import { ReminderService } from './reminder/reminder.service.js';
import { ReminderStates } from './reminder/reminder.states.js';
import { Schedule } from './schedule.js';
import { ScopeRepository } from './scope/scope.repository.js';
import { ScopeService } from './scope/scope.service.js';
import { ServiceFeeHandlers } from './service-fee/service-fee.handlers.js';
import { ServiceFeeRepository } from './service-fee/service-fee.repository.js';
import { ServiceFeeService } from './service-fee/service-fee.service.js';
import { SalesHandlers } from './statistics/sales.handlers.js';
import { SalesRepository } from './statistics/sales.repository.js';
import { SalesService } from './statistics/sales.service.js';
import { SweepHandlers } from './sweep/sweep.handlers.js';
import { SweepMetrics } from './sweep/sweep.metrics.js';
import { SweepRepository } from './sweep/sweep.repository.js';
import { SweepService } from './sweep/sweep.service.js';
import { SweepWorker } from './sweep/sweep.worker.js';
import { UserRepository } from './user/user.repository.js';
import { UserService } from './user/user.service.js';

const HANDLERS = [
  ArrearsHandlers,
  LedgerHandlers,
  ServiceFeeHandlers,
  ReminderHandlers,
  SalesHandlers,
  SweepHandlers,
  DigestSubscriptionHandlers,
  DigestHandlers,
  NoticeHandlers,
];

const SERVICES: Provider[] = [
  UserRepository,
  UserService,
  OrganisationRepository,
  Organisation,
  ScopeRepository,
  ScopeService,
  ArrearsRepository,
  ArrearsService,
  LedgerRepository,
  LedgerService,
  SalesRepository,
  SalesService,
  ServiceFeeRepository,
  ServiceFeeService,
  ReminderRepository,
  ReminderService,
  ReminderActions,
  ReminderStates,
  SweepRepository,
  SweepMetrics,
  SweepService,
  DigestSubscriptionRepository,
  DigestSubscriptionService,
  DigestRepository,
  DigestContents,
  DueFollowUps,
  DigestPost,
  DigestService,
  DigestSender,
  Mailer,
  NoticeRepository,
  NoticeService,
  NoticeStates,
  UsersProjection,
  CustomersProjection,
  SalesProjection,
  SweepWorker,
  DigestWorker,
];

@Module({})
export class BillingModule {
  static forRoot(config: BillingConfig, { checkReplies }: { checkReplies?: boolean } = {}): DynamicModule {
    const answers = config.BILLING_ROLE !== 'worker';
    const works = config.BILLING_ROLE !== 'api';
    const runs = { relay: true, projections: works, workers: works };
    return {
      module: BillingModule,
      imports: [platform({ service: 'billing', config, entities, migrations, runs, checkReplies })],
      controllers: answers ? HANDLERS : [],
      providers: [{ provide: BILLING_CONFIG, useValue: config }, ...SERVICES, ...(works ? [Schedule] : [])],
    };
  }
}

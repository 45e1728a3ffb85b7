import { Module, type DynamicModule } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { customersImports } from '#contracts/imports';
import { importing } from '#imports/wiring';
import { platform, type ServiceOptions } from '#platform/platform.module';
import { AccessHandlers } from './access/access.handlers.js';
import { AccessRepository } from './access/access.repository.js';
import { AccessService } from './access/access.service.js';
import { ManagersSight } from './access/managers-sight.js';
import type { CustomersConfig } from './config.js';
import { BulkService } from './customer/bulk.service.js';
import { CountsHandlers } from './counts/counts.handlers.js';
import { CountsRepository } from './counts/counts.repository.js';
import { CountsService } from './counts/counts.service.js';
import { CustomFieldHandlers } from './custom-field/custom-field.handlers.js';
import { CustomFieldRepository } from './custom-field/custom-field.repository.js';
import { CustomFieldService } from './custom-field/custom-field.service.js';
import { ContactHandlers } from './contact/contact.handlers.js';
import { ContactRepository } from './contact/contact.repository.js';
import { ContactService } from './contact/contact.service.js';
import { CustomerEvents } from './customer/customer.events.js';
import { CustomerImport } from './customer/customer-import.js';
import { CustomerHandlers } from './customer/customer.handlers.js';
import { CustomerRepository } from './customer/customer.repository.js';
import { CustomerService } from './customer/customer.service.js';
import { CustomersStates } from './customer/customers.states.js';
import { entities, migrations } from './data-source.js';
import { DelegationHandlers } from './delegation/delegation.handlers.js';
import { DelegationRepository } from './delegation/delegation.repository.js';
import { DelegationService } from './delegation/delegation.service.js';
import { DuplicateRepository } from './duplicate/duplicate.repository.js';
import { DuplicateService } from './duplicate/duplicate.service.js';
import { FollowUpHandlers } from './follow-up/follow-up.handlers.js';
import { FollowUpRepository } from './follow-up/follow-up.repository.js';
import { FollowUpService } from './follow-up/follow-up.service.js';
import { HandOverHandlers } from './hand-over/hand-over.handlers.js';
import { HandOverRepository } from './hand-over/hand-over.repository.js';
import { HandOverService } from './hand-over/hand-over.service.js';
import { LogHandlers } from './log/log.handlers.js';
import { LogReader } from './log/log-reader.service.js';
import { LogRepository } from './log/log.repository.js';
import { LogService } from './log/log.service.js';
import { AuthLogProjection, BillingLogProjection, SalesLogProjection } from './projections/log.projection.js';
import { UsersProjection } from './projections/users.projection.js';
import { SavedViewHandlers } from './saved-view/saved-view.handlers.js';
import { SavedViewRepository } from './saved-view/saved-view.repository.js';
import { SavedViewService } from './saved-view/saved-view.service.js';
import { StatusHandlers } from './status/status.handlers.js';
import { StatusRepository } from './status/status.repository.js';
import { StatusService } from './status/status.service.js';
import { TeamService } from './team/team.service.js';
import { TransferHandlers } from './transfer/transfer.handlers.js';
import { TransferRepository } from './transfer/transfer.repository.js';
import { TransferService } from './transfer/transfer.service.js';
import { UserRepository } from './user/user.repository.js';
import { UserService } from './user/user.service.js';

const imports = importing('customers', customersImports, [CustomerImport]);

@Module({})
export class CustomersModule {
  static forRoot(config: CustomersConfig, more: Pick<ServiceOptions, 'runs' | 'checkReplies'> = {}): DynamicModule {
    return {
      module: CustomersModule,
      imports: [platform({ service: 'customers', config, entities, migrations, ...more })],
      controllers: [
        AccessHandlers,
        CustomerHandlers,
        StatusHandlers,
        CustomFieldHandlers,
        SavedViewHandlers,
        CountsHandlers,
        ContactHandlers,
        FollowUpHandlers,
        LogHandlers,
        TransferHandlers,
        DelegationHandlers,
        HandOverHandlers,
        ...imports.controllers,
      ],
      providers: [
        AccessRepository,
        AccessService,
        ManagersSight,
        { provide: APP_INTERCEPTOR, useExisting: ManagersSight },
        BulkService,
        CountsRepository,
        CountsService,
        CustomFieldRepository,
        CustomFieldService,
        ContactRepository,
        ContactService,
        CustomerEvents,
        CustomerRepository,
        CustomerService,
        CustomersStates,
        DelegationRepository,
        DelegationService,
        DuplicateRepository,
        DuplicateService,
        SavedViewRepository,
        SavedViewService,
        FollowUpRepository,
        FollowUpService,
        HandOverRepository,
        HandOverService,
        LogReader,
        LogRepository,
        LogService,
        StatusRepository,
        StatusService,
        TeamService,
        TransferRepository,
        TransferService,
        UserRepository,
        UserService,
        AuthLogProjection,
        BillingLogProjection,
        SalesLogProjection,
        UsersProjection,
        ...imports.providers,
      ],
    };
  }
}

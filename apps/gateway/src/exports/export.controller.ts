import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { Permission } from '#access/permissions';
import * as billing from '#contracts/billing';
import * as customers from '#contracts/customers';
import * as ledger from '#contracts/ledger';
import { AuditQuery } from '#contracts/log';
import { From, type Caller } from '../edge/caller.js';
import { Route, V1 } from '../edge/route.js';
import { Cards } from './card.js';
import { Exports, MEDIA_TYPES } from './exports.js';
import { ARREARS, REMINDERS, SERVICE_FEES, SOLD } from './kinds.js';

/** A file holds all pages of the list. */
const whole = { limit: true, cursor: true } as const;
const file = { format: z.enum(['csv', 'xlsx']).default('csv') };

export const CustomerExport = customers.CustomerQuery.omit(whole).extend({
  format: z.enum(['csv', 'xlsx', 'html']).default('csv'),
});
export const PurchaseExport = ledger.LedgerPurchaseQuery.omit(whole).extend(file);
export const ArrearsExport = billing.ArrearsQuery.omit(whole).extend(file);
export const ServiceFeeExport = billing.ServiceFeeQuery.omit(whole).extend(file);
export const ReminderExport = billing.ReminderQuery.omit(whole).extend(file);

export const AuditExport = AuditQuery.omit(whole).extend(file);

const ExportRoute = (access: Permission, query: z.ZodType, what: string) =>
  Route({
    access,
    query,
    mediaType: [MEDIA_TYPES.csv, MEDIA_TYPES.xlsx, ...(query === CustomerExport ? [MEDIA_TYPES.html] : [])],
    summary: `Export ${what}, but for what is only delegated to the caller: X-Rows-Excluded counts that`,
  });

@Controller(V1)
export class ExportController {
  constructor(
    private readonly exports: Exports,
    private readonly cards: Cards,
  ) {}

  @Get('customers/export')
  @ExportRoute('customers.export', CustomerExport, 'customers, or print their list')
  customers(
    @Query() query: z.input<typeof CustomerExport>,
    @From() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.exports.customers(query, caller, reply);
  }

  @Get('purchases/export')
  @ExportRoute('money.export', PurchaseExport, 'what was sold')
  purchases(
    @Query() query: z.input<typeof PurchaseExport>,
    @From() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.exports.scoped(SOLD, ledger.listLedgerPurchases, query, caller, reply);
  }

  @Get('arrears/export')
  @ExportRoute('money.export', ArrearsExport, 'the purchases in arrears')
  arrears(
    @Query() query: z.input<typeof ArrearsExport>,
    @From() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.exports.scoped(ARREARS, billing.listArrears, query, caller, reply);
  }

  @Get('service-fees/export')
  @ExportRoute('money.export', ServiceFeeExport, 'the annual service fees that fall due')
  serviceFees(
    @Query() query: z.input<typeof ServiceFeeExport>,
    @From() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.exports.scoped(SERVICE_FEES, billing.listServiceFees, query, caller, reply);
  }

  @Get('reminders/export')
  @ExportRoute('money.export', ReminderExport, 'reminders')
  reminders(
    @Query() query: z.input<typeof ReminderExport>,
    @From() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.exports.scoped(REMINDERS, billing.listReminders, query, caller, reply);
  }

  @Get('audit/export')
  @ExportRoute('audit.read', AuditExport, 'everything that was done')
  audit(
    @Query() query: z.input<typeof AuditExport>,
    @From() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.exports.audit(query, caller, reply);
  }

  @Get('customers/:customerId/print')
  @Route({
    access: 'customers.export',
    relation: 'export',
    mediaType: MEDIA_TYPES.html,
    summary: "A customer's card for the printer",
  })
  print(@Param('customerId') customerId: string, @From() caller: Caller) {
    return this.cards.print(customerId, caller);
  }
}

import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import { can, relationAllows } from '#access/permissions';
import type { Page } from '#contracts/common';
import { forbidden } from '#contracts/errors';
import type { endTakeaway, listAudit, listLog, LogEntry, recordTakeaway } from '#contracts/log';
import type { Call } from '#messaging/handles';
import { ORG_TIME_ZONE } from '#platform/clock';
import { byMomentAndId, decodeCursor, pageOf } from '#platform/cursor';
import { AccessService } from '../access/access.service.js';
import type { Judged } from '../access/visible.sql.js';
import { LogRepository, type Wanted } from './log.repository.js';
import { LogService } from './log.service.js';

/** The log as people read it, and what they took away of the data. */
@Injectable()
export class LogReader {
  constructor(
    private readonly dataSource: DataSource,
    private readonly entries: LogRepository,
    private readonly log: LogService,
    private readonly access: AccessService,
    @Inject(ORG_TIME_ZONE) private readonly zone: string,
  ) {}

  /** For whoever sees the customer. Errors: `not-found`. */
  async ofCustomer(actor: Judged, query: z.output<typeof listLog.input>): Promise<Page<LogEntry>> {
    await this.access.resolve(actor, query.customerId);
    return this.page(actor, query);
  }

  /** Everything, for the administrator. Errors: `forbidden`. */
  async audit(actor: Judged, query: z.output<typeof listAudit.input>): Promise<Page<LogEntry>> {
    if (!can(actor, 'audit.read')) throw forbidden();
    return this.page(actor, query);
  }

  /** One entry for each file or print. Errors: `not-found`, `forbidden` for what he may not take away. */
  async recordTakeaway({ actor }: Call, input: z.output<typeof recordTakeaway.input>): Promise<{ id: string }> {
    if (!can(actor, 'customers.export') && !can(actor, 'money.export')) throw forbidden();
    const { action, what, customerIds = [], ...details } = input;
    const [only] = customerIds.length === 1 ? customerIds : [];
    if (only) {
      if (!relationAllows(await this.access.resolve(actor, only), 'export')) throw forbidden();
    }
    const id = uuidv7();
    const about = { customerId: only, details: { ...details, ...(!only && { customerIds }) } };
    await this.log.record(this.dataSource.manager, { userId: actor.userId }, [
      { id, action, resource: what, ...about },
    ]);
    return { id };
  }

  async endTakeaway(end: z.output<typeof endTakeaway.input>): Promise<Record<string, never>> {
    await this.entries.endTakeaway(this.dataSource.manager, end);
    return {};
  }

  private async page(actor: Judged, query: Wanted & { limit: number; cursor?: string }): Promise<Page<LogEntry>> {
    const binding = { actorId: actor.userId, filter: { ...query } };
    const before = decodeCursor(binding, query.cursor, byMomentAndId);
    const rows = await this.entries.list(this.dataSource.manager, query, this.zone, before, query.limit + 1);
    const page = pageOf(rows, query.limit, binding, ({ place, id }) => [place, id]);
    return { ...page, items: page.items.map(({ place: _place, ...entry }) => entry) };
  }
}

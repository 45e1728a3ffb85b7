import { Injectable, StreamableFile } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { resolveScope } from '#contracts/access';
import type { Page } from '#contracts/common';
import type { Scope } from '#contracts/context';
import { listCustomFields } from '#contracts/custom-fields';
import { listCustomers, type Customer, type CustomerQuery } from '#contracts/customers';
import { listAudit, type AuditQuery, type LogEntry } from '#contracts/log';
import type { Rpc } from '#contracts/rpc';
import { Clock } from '#platform/clock';
import { Backend } from '../edge/backend.js';
import type { Caller } from '../edge/caller.js';
import { csvOf } from './csv.js';
import { htmlOf } from './html.js';
import { AUDIT, CUSTOMERS_ON_PAPER, cellsOf, columnsOf, customersWith, type ExportKind } from './kinds.js';
import { NamesOf } from './names.js';
import { PAGE, Pages, begun, type AskPage } from './pages.js';
import type { Table } from './table.js';
import { Takeaways } from './takeaways.js';
import { TEXTS } from './texts.js';
import { xlsxOf } from './xlsx.js';

export const MEDIA_TYPES = {
  csv: 'text/csv',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  html: 'text/html',
} as const;
export type Format = keyof typeof MEDIA_TYPES;

/** A list over a projection, which is told what the caller may see. */
type ScopedList<I extends z.ZodType, T> = Rpc<I, z.ZodType<Page<T>>>;

/** Lists as files, of any length in flat memory. */
@Injectable()
export class Exports {
  constructor(
    private readonly backend: Backend,
    private readonly pages: Pages,
    private readonly names: NamesOf,
    private readonly takeaways: Takeaways,
    private readonly clock: Clock,
  ) {}

  /** Of the customers that the caller owns, manages or administers: a delegate doesn't export. */
  async customers(
    { format = 'csv', ...query }: z.input<typeof CustomerQuery> & { format?: Format },
    caller: Caller,
    reply: FastifyReply,
  ): Promise<StreamableFile> {
    const list =
      (relation: 'owned' | 'delegated' | undefined): AskPage<Customer> =>
      (cursor, caller) =>
        this.backend.ask(listCustomers, { ...query, relation, limit: PAGE, cursor }, caller);
    const excluded = query.relation === 'owned' ? 0 : await this.count(list('delegated'), caller);
    const own = async function* (rows: AsyncIterable<Customer>) {
      for await (const row of rows) if (row.access.via !== 'delegate') yield row;
    };
    const rows = await begun(own(this.pages.rows(list(query.relation), caller)));
    const kind = format === 'html' ? CUSTOMERS_ON_PAPER : customersWith(await this.customFields(caller));
    return this.file(kind, rows, { format, filter: query, excluded }, caller, reply);
  }

  private async customFields(caller: Caller) {
    return (await this.backend.ask(listCustomFields, {}, caller)).items;
  }

  /** The same for a list over a projection: its scope is asked for with each page, without what is only delegated. */
  async scoped<I extends z.ZodType<unknown, { scope: Scope }>, T>(
    kind: ExportKind<T>,
    rpc: ScopedList<I, T>,
    { format = 'csv', ...query }: Omit<z.input<I>, 'scope'> & { format?: Format },
    caller: Caller,
    reply: FastifyReply,
  ): Promise<StreamableFile> {
    const list =
      (part: 'own' | 'delegated'): AskPage<T> =>
      async (cursor, caller) => {
        const { teamId } = query as { teamId?: string };
        const { scope } = await this.backend.ask(resolveScope, { part, teamId }, caller);
        return this.backend.ask(rpc, { ...query, scope, limit: PAGE, cursor } as unknown as z.input<I>, caller);
      };
    const excluded = await this.count(list('delegated'), caller);
    const rows = await begun(this.pages.rows(list('own'), caller));
    return this.file(kind, rows, { format, filter: query, excluded }, caller, reply);
  }

  /** What was done, for whoever may read all of it: nothing of it is left out. */
  async audit(
    { format = 'csv', ...query }: z.input<typeof AuditQuery> & { format?: Format },
    caller: Caller,
    reply: FastifyReply,
  ): Promise<StreamableFile> {
    const list: AskPage<LogEntry> = (cursor, caller) =>
      this.backend.ask(listAudit, { ...query, limit: PAGE, cursor }, caller);
    const rows = await begun(this.pages.rows(list, caller));
    return this.file(AUDIT, rows, { format, filter: query, excluded: 0 }, caller, reply);
  }

  private async file<T>(
    kind: ExportKind<T>,
    rows: AsyncIterable<T>,
    { format, filter, excluded }: { format: Format; filter: Record<string, unknown>; excluded: number },
    caller: Caller,
    reply: FastifyReply,
  ): Promise<StreamableFile> {
    const texts = TEXTS[caller.language];
    const names = await this.names.load(kind.names, caller);
    const action = format === 'html' ? 'printed' : 'exported';
    const noted = await this.takeaways.noted(rows, { action, what: kind.title, format, filter }, caller);
    async function* cells() {
      for await (const row of noted) yield cellsOf(kind, row, names, texts);
    }
    const table: Table = { title: texts[kind.title], columns: columnsOf(kind, texts), rows: cells() };
    void reply.header('x-rows-excluded', excluded).header('content-language', caller.language);
    return this.sent(table, format, `${kind.title}-${this.clock.today()}.${format}`, caller);
  }

  private sent(table: Table, format: Format, fileName: string, { language }: Caller): StreamableFile {
    const written = {
      csv: () => csvOf(table),
      xlsx: () => xlsxOf(table, this.clock.now()),
      html: () => htmlOf(table, language),
    }[format]();
    const type = format === 'xlsx' ? MEDIA_TYPES.xlsx : `${MEDIA_TYPES[format]}; charset=utf-8`;
    // A page for the printer is shown, the others are kept.
    return new StreamableFile(written, {
      type,
      ...(format !== 'html' && { disposition: `attachment; filename="${fileName}"` }),
    });
  }

  private async count<T>(list: AskPage<T>, caller: Caller): Promise<number> {
    let count = 0;
    for await (const _ of this.pages.rowsInTime(list, caller)) count++;
    return count;
  }
}

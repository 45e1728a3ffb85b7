import { Injectable, StreamableFile } from '@nestjs/common';
import { listContacts } from '#contracts/contacts';
import { listCustomFields } from '#contracts/custom-fields';
import { getCustomer } from '#contracts/customers';
import { listPurchases } from '#contracts/sales';
import { Backend } from '../edge/backend.js';
import type { Caller } from '../edge/caller.js';
import { cardOf } from './html.js';
import { CONTACTS, PURCHASES, cellsOf, columnsOf, customersWith, type ExportKind } from './kinds.js';
import { NamesOf, type Names } from './names.js';
import { PAGE, Pages } from './pages.js';
import type { Table } from './table.js';
import { Takeaways } from './takeaways.js';
import { TEXTS } from './texts.js';

/** A customer on paper: who it is, whom one speaks to there, and what it bought. */
@Injectable()
export class Cards {
  constructor(
    private readonly backend: Backend,
    private readonly pages: Pages,
    private readonly names: NamesOf,
    private readonly takeaways: Takeaways,
  ) {}

  async print(customerId: string, caller: Caller): Promise<StreamableFile> {
    const { language } = caller;
    const texts = TEXTS[language];
    const [customer, { items: fields }] = await Promise.all([
      this.backend.ask(getCustomer, { customerId }, caller),
      this.backend.ask(listCustomFields, {}, caller),
    ]);
    const kind = customersWith(fields);
    const names = await this.names.load(kind.names, caller);
    const values = cellsOf(kind, customer, names, texts);
    const facts = columnsOf(kind, texts).map(({ heading }, place) => [heading, values[place]] as [string, string]);
    const contacts = this.pages.rows(
      (cursor, inTime) => this.backend.ask(listContacts, { customerId, limit: PAGE, cursor }, inTime),
      caller,
    );
    const purchases = this.pages.rows(
      (cursor, inTime) => this.backend.ask(listPurchases, { customerId, limit: PAGE, cursor }, inTime),
      caller,
    );
    const takeaway = { action: 'printed' as const, what: 'customer', format: 'html', customerIds: [customerId] };
    const noted = await this.takeaways.noted(purchases, takeaway, caller);
    const tables = [this.table(CONTACTS, contacts, names, caller), this.table(PURCHASES, noted, names, caller)];
    return new StreamableFile(cardOf({ title: customer.name, facts, tables }, language), {
      type: 'text/html; charset=utf-8',
    });
  }

  private table<T>(kind: ExportKind<T>, rows: AsyncIterable<T>, names: Names, { language }: Caller): Table {
    const texts = TEXTS[language];
    async function* cells() {
      for await (const row of rows) yield cellsOf(kind, row, names, texts);
    }
    return { title: texts[kind.title], columns: columnsOf(kind, texts), rows: cells() };
  }
}

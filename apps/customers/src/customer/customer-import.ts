import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { line, prose } from '#contracts/common';
import type { ImportFault, ImportRow } from '#contracts/imports';
import { dateCell, readRow } from '#imports/cells';
import { failedRow, rowFault, type ImportActor, type ImportTarget, type RowOutcome } from '#imports/import-target';
import { Clock } from '#platform/clock';
import { columnOf, customCells, splitCells } from '../custom-field/custom-field.cells.js';
import type { CustomField } from '../custom-field/custom-field.entity.js';
import { customFaults } from '../custom-field/custom-field.rules.js';
import { CustomFieldService } from '../custom-field/custom-field.service.js';
import { DuplicateService } from '../duplicate/duplicate.service.js';
import { foldCode } from '../duplicate/folding.rules.js';
import { isRenamed } from '../duplicate/names.rules.js';
import { StatusService } from '../status/status.service.js';
import { UserService, type User } from '../user/user.service.js';
import { Customer, type FieldChange } from './customer.entity.js';
import { CustomerEvents } from './customer.events.js';
import { CustomerRepository } from './customer.repository.js';

const Row = z.object({
  code: line(64),
  name: line(200),
  keyword: line(60),
  status: z.string().optional(),
  owner: z.string().optional(),
  created_on: dateCell.optional(),
  phone: line(60).optional(),
  email: z.email().max(254).optional(),
  address: line(300).optional(),
  region: line(100).optional(),
  industry: line(100).optional(),
  source: line(100).optional(),
  note: prose().optional(),
});

/** What rows are judged against, as it stands when the batch begins. */
interface Known {
  byCode: Map<string, Customer>;
  statuses: { byName: Map<string, string>; start?: string };
  owners: Map<string, User>;
  fields: CustomField[];
}
/** What is to become of a row. */
interface Decided {
  row: number;
  customer: Customer;
  outcome: 'created' | 'updated' | 'unchanged';
  changes: FieldChange[];
  renamed: boolean;
  warnings: ImportFault[];
}

/** Customers from a file, by their codes: a row whose code is there already edits that customer. */
@Injectable()
export class CustomerImport implements ImportTarget {
  readonly kind = 'customers';
  readonly permission = 'customers.import';

  constructor(
    private readonly customers: CustomerRepository,
    private readonly statuses: StatusService,
    private readonly users: UserService,
    private readonly fields: CustomFieldService,
    private readonly duplicates: DuplicateService,
    private readonly events: CustomerEvents,
    private readonly clock: Clock,
  ) {}

  /** One for each custom field. */
  async furtherColumns(tx: EntityManager): Promise<string[]> {
    return (await this.fields.all(tx)).map(columnOf);
  }

  async applyBatch(tx: EntityManager, actor: ImportActor, rows: ImportRow[]): Promise<RowOutcome[]> {
    const fields = await this.fields.all(tx);
    const schema = Row.extend(customCells(fields));
    const read = rows.map((row) => ({ row: row.row, ...readRow(schema, row) }));
    const cells = read.flatMap(({ value }) => value ?? []);
    const existing = await this.customers.loadByCodes(
      tx,
      cells.map(({ code }) => foldCode(code)),
    );
    const known: Known = {
      byCode: new Map(existing.map((customer) => [customer.codeFolded ?? '', customer])),
      statuses: await this.statuses.forCustomers(tx),
      owners: await this.users.byUsernames(
        tx,
        cells.flatMap(({ owner }) => (owner ? [owner.toLowerCase()] : [])),
      ),
      fields,
    };
    const judged = read.map(({ row, value, faults }) =>
      value ? this.decide(row, value, actor, known) : failedRow(row, ...faults),
    );
    const decided = judged.filter((one) => 'customer' in one);
    await this.write(tx, actor, decided);
    const warned = await this.warnOfDuplicates(tx, decided);
    return judged.map((one) =>
      'customer' in one
        ? {
            row: one.row,
            outcome: one.outcome,
            faults: [],
            warnings: [...one.warnings, ...(warned.get(one.row) ?? [])],
          }
        : one,
    );
  }

  private decide(row: number, cells: z.output<typeof Row>, actor: ImportActor, known: Known): Decided | RowOutcome {
    const { values: customFields, others } = splitCells(cells);
    const { status, owner: username, created_on: createdOn, ...described } = others;
    const details = { ...described, customFields };
    const faults: ImportFault[] = [];
    const refuse = (field: string, code: string, message: string) => faults.push(rowFault(row, field, code, message));

    const statusId = status ? known.statuses.byName.get(foldCode(status)) : undefined;
    if (status && !statusId) refuse('status', 'unknown-status', `No status is called "${status}"`);
    const owner = username ? known.owners.get(username.toLowerCase()) : undefined;
    if (username && !owner) refuse('owner', 'unknown-user', `No user is called "${username}"`);
    if (owner && owner.id !== actor.userId && actor.role !== 'administrator') {
      refuse('owner', 'not-owner', 'Only the administrator imports for somebody else');
    }
    const customer = known.byCode.get(foldCode(details.code));
    if (customer && customer.ownerId !== actor.userId && actor.role !== 'administrator') {
      refuse('code', 'code-taken', 'The code belongs to a customer of somebody else');
    }
    // As in an edit: what a row doesn't touch is as it was.
    if (!customer || Object.keys(customFields).length > 0) {
      for (const { pointer, code, message } of customFaults(known.fields, customFields, customer?.customFields)) {
        refuse(pointer.replace('/customFields/', 'custom.'), code, message);
      }
    }
    if (!customer && owner && !owner.active) refuse('owner', 'owner-disabled', `"${username}" is disabled`);
    if (!customer && owner?.role === 'finance') refuse('owner', 'may-not-own', 'Finance owns no customers');
    if (faults.length > 0) return failedRow(row, ...faults);

    if (customer) return edited(row, customer, { ...details, statusId, createdOn }, owner);
    const firstStatus = statusId ?? known.statuses.start;
    if (!firstStatus) {
      return failedRow(row, rowFault(row, 'status', 'no-default-status', 'There is no status for new customers'));
    }
    const place = { ownerId: owner?.id ?? actor.userId, statusId: firstStatus, today: this.clock.today() };
    const made = Customer.create({ ...details, ...(createdOn && { createdOn }) }, place);
    return { row, customer: made, outcome: 'created', changes: [], renamed: true, warnings: [] };
  }

  private async write(tx: EntityManager, actor: ImportActor, decided: Decided[]): Promise<void> {
    const changed = decided.filter(({ outcome }) => outcome !== 'unchanged');
    const having = (outcome: Decided['outcome']) =>
      decided.filter((one) => one.outcome === outcome).map(({ customer }) => customer);
    await this.customers.insert(tx, having('created'));
    await this.customers.save(tx, having('updated'));
    await this.duplicates.keepNames(
      tx,
      changed.map(({ customer }) => customer),
    );
    const facts = changed.map(({ customer, changes }) => ({ customer, changes, action: 'imported' as const }));
    await this.events.tell(tx, { userId: actor.userId }, facts);
  }

  /** Once all are written: rows of one file may resemble each other too. */
  private async warnOfDuplicates(tx: EntityManager, decided: Decided[]): Promise<Map<number, ImportFault[]>> {
    const named = decided.filter(({ renamed }) => renamed);
    const found = await this.duplicates.resemblances(
      tx,
      named.map(({ customer }) => customer),
    );
    return new Map(
      named.flatMap(({ row, customer }) => {
        const other = found.get(customer.id);
        if (!other) return [];
        const { name, keyword, ownerName: owner } = other;
        const message = `Resembles "${name}" (keyword "${keyword}") of ${owner}`;
        return [[row, [rowFault(row, 'name', 'possible-duplicate', message, { name, keyword, owner })]] as const];
      }),
    );
  }
}

/** Empty cells leave what is there; the owner changes by transfer alone. */
function edited(row: number, customer: Customer, cells: Parameters<Customer['edit']>[0], owner?: User): Decided {
  const before = { ...customer };
  const changes = customer.edit(cells);
  const outcome = changes.length > 0 ? 'updated' : 'unchanged';
  const moved = owner && owner.id !== customer.ownerId;
  const warnings = moved
    ? [rowFault(row, 'owner', 'owner-kept', 'The customer has another owner; only a transfer changes him')]
    : [];
  return { row, customer, outcome, changes, renamed: isRenamed(before, customer), warnings };
}

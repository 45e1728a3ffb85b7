import type { z } from 'zod';
import type { ArrearsRow, Reminder, ServiceFee } from '#contracts/billing';
import type { Contact } from '#contracts/contacts';
import type { CustomField } from '#contracts/custom-fields';
import type { Customer } from '#contracts/customers';
import type { LedgerPurchase } from '#contracts/ledger';
import type { LogEntry } from '#contracts/log';
import type { Purchase } from '#contracts/sales';
import type { Names, NamesNeeded } from './names.js';
import type { Cell, CellType, Column } from './table.js';
import type { TextKey, Texts } from './texts.js';

interface ExportedColumn<T> {
  /** A word of ours, or one that the organisation has chosen. */
  heading: TextKey | { label: string };
  type: CellType;
  of(row: T, names: Names, texts: Texts): Cell;
}
/** What is exported of one kind of thing, in the order of the columns. */
export interface ExportKind<T> {
  title: TextKey;
  /** Whose names its rows need. */
  names: NamesNeeded;
  columns: ExportedColumn<T>[];
}

const column = <T>(heading: TextKey, type: CellType, of: ExportedColumn<T>['of']) => ({ heading, type, of });
const text = <T>(heading: TextKey, of: ExportedColumn<T>['of']) => column(heading, 'text', of);
const date = <T>(heading: TextKey, of: ExportedColumn<T>['of']) => column(heading, 'date', of);
const money = <T>(heading: TextKey, of: ExportedColumn<T>['of']) => column(heading, 'money', of);
const number = <T>(heading: TextKey, of: ExportedColumn<T>['of']) => column(heading, 'number', of);

export const CUSTOMERS: ExportKind<Customer> = {
  title: 'customers',
  names: ['statuses'],
  columns: [
    text('code', ({ code }) => code),
    text('name', ({ name }) => name),
    text('keyword', ({ keyword }) => keyword),
    text('status', ({ statusId }, names) => names.status(statusId)),
    text('owner', ({ ownerName }) => ownerName),
    date('createdOn', ({ createdOn }) => createdOn),
    text('phone', ({ phone }) => phone),
    text('email', ({ email }) => email),
    text('address', ({ address }) => address),
    text('region', ({ region }) => region),
    text('industry', ({ industry }) => industry),
    text('source', ({ source }) => source),
    text('website', ({ website }) => website),
    text('taxId', ({ taxId }) => taxId),
    text('invoiceTitle', ({ invoiceTitle }) => invoiceTitle),
    number('paymentTermDays', ({ paymentTermDays }) => paymentTermDays),
    text('language', ({ language }, _names, texts) => language && texts[language]),
    text('tags', ({ tags }) => tags.join('; ')),
    text('note', ({ note }) => note),
  ],
};

const ON_PAPER = new Set<ExportedColumn<Customer>['heading']>([
  'name',
  'keyword',
  'status',
  'owner',
  'createdOn',
  'phone',
  'email',
  'address',
  'region',
  'tags',
]);

/** What has room in a line on paper; a customer's card has the rest. */
export const CUSTOMERS_ON_PAPER: ExportKind<Customer> = {
  ...CUSTOMERS,
  columns: CUSTOMERS.columns.filter(({ heading }) => ON_PAPER.has(heading)),
};

const CELL_TYPE: Partial<Record<CustomField['type'], CellType>> = { number: 'number', date: 'date' };

/** With a column for each field of the organisation's own. */
export const customersWith = (fields: CustomField[]): ExportKind<Customer> => ({
  ...CUSTOMERS,
  columns: [
    ...CUSTOMERS.columns,
    ...fields.map(({ key, label, type }) => ({
      heading: { label },
      type: CELL_TYPE[type] ?? 'text',
      of: ({ customFields }: Customer) => {
        const value = customFields[key];
        return typeof value === 'boolean' ? String(value) : (value as Cell);
      },
    })),
  ],
});

export const ARREARS: ExportKind<ArrearsRow> = {
  title: 'arrears',
  names: ['users'],
  columns: [
    text('customer', ({ customerName }) => customerName),
    text('owner', ({ ownerId }, names) => names.user(ownerId)),
    text('product', ({ productName }) => productName),
    date('soldOn', ({ soldOn }) => soldOn),
    date('dueOn', ({ dueOn }) => dueOn),
    money('payable', ({ payable }) => payable),
    money('paid', ({ paid }) => paid),
    money('balance', ({ balance }) => balance),
    number('daysPastDue', ({ daysPastDue }) => daysPastDue),
    text('bucket', ({ bucket }, _names, texts) => texts[bucket]),
  ],
};

export const SERVICE_FEES: ExportKind<z.output<typeof ServiceFee>> = {
  title: 'serviceFees',
  names: ['users'],
  columns: [
    text('customer', ({ customerName }) => customerName),
    text('owner', ({ ownerId }, names) => names.user(ownerId)),
    text('product', ({ productName }) => productName),
    money('annualFee', ({ annualFee }) => annualFee),
    date('serviceEndsOn', ({ serviceEndsOn }) => serviceEndsOn),
    number('daysLeft', ({ daysLeft }) => daysLeft),
    text('state', ({ state }, _names, texts) => texts[state]),
  ],
};

export const REMINDERS: ExportKind<z.output<typeof Reminder>> = {
  title: 'reminders',
  names: ['users'],
  columns: [
    text('kind', ({ kind }, _names, texts) => texts[kind]),
    text('customer', ({ customerName }) => customerName),
    text('owner', ({ ownerId }, names) => names.user(ownerId)),
    date('periodStart', ({ periodStart }) => periodStart),
    date('dueOn', ({ dueOn }) => dueOn),
    money('amount', ({ amount }) => amount),
    text('state', ({ state }, _names, texts) => texts[state]),
    date('until', ({ until }) => until),
    money('promisedAmount', ({ promise }) => promise?.amount),
    date('promisedOn', ({ promise }) => promise?.date),
    text('note', ({ note }) => note),
  ],
};

export const SOLD: ExportKind<LedgerPurchase> = {
  title: 'purchases',
  names: ['users'],
  columns: [
    text('customer', ({ customerName }) => customerName),
    text('owner', ({ ownerId }, names) => names.user(ownerId)),
    text('product', ({ productName }) => productName),
    date('soldOn', ({ soldOn }) => soldOn),
    date('dueOn', ({ dueOn }) => dueOn),
    money('payable', ({ payable }) => payable),
    money('paid', ({ paid }) => paid),
    money('balance', ({ balance }) => balance),
    money('annualFee', ({ annualFee }) => annualFee),
    date('serviceEndsOn', ({ serviceEndsOn }) => serviceEndsOn),
  ],
};

/** Values as the log has them: its readers look for what stands in other systems, too. */
export const AUDIT: ExportKind<LogEntry> = {
  title: 'audit',
  names: [],
  columns: [
    text('at', ({ at }) => at),
    text('by', ({ byName, byUserId }) => byName ?? byUserId),
    text('for', ({ forName, forUserId }) => forName ?? forUserId),
    text('action', ({ action }) => action),
    text('resource', ({ resource }) => resource),
    text('resourceId', ({ resourceId }) => resourceId),
    text('customer', ({ customerName, customerId }) => customerName ?? customerId),
    text('changes', ({ changes }) =>
      changes.map(({ field, from, to }) => `${field}: ${said(from)} → ${said(to)}`).join('\n'),
    ),
    text('details', ({ details }) => (Object.keys(details).length > 0 ? JSON.stringify(details) : undefined)),
    text('followUp', ({ followUp }) => followUp?.content),
  ],
};
const said = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

/** On the customer's card. */
export const CONTACTS: ExportKind<Contact> = {
  title: 'contacts',
  names: [],
  columns: [
    text('name', ({ name }) => name),
    text('jobTitle', ({ title }) => title),
    text('phone', ({ phone }) => phone),
    text('mobile', ({ mobile }) => mobile),
    text('email', ({ email }) => email),
    text('wechat', ({ wechat }) => wechat),
    text('note', ({ note }) => note),
  ],
};

/** On the customer's card. */
export const PURCHASES: ExportKind<z.output<typeof Purchase>> = {
  title: 'purchases',
  names: [],
  columns: [
    text('product', ({ productName }) => productName),
    number('quantity', ({ quantity }) => quantity),
    text('unit', ({ unit }) => unit),
    money('unitPrice', ({ unitPrice }) => unitPrice),
    money('payable', ({ payable }) => payable),
    money('paid', ({ paid }) => paid),
    money('balance', ({ balance }) => balance),
    date('soldOn', ({ soldOn }) => soldOn),
    date('dueOn', ({ dueOn }) => dueOn),
    date('serviceEndsOn', ({ serviceEndsOn }) => serviceEndsOn),
  ],
};

export const columnsOf = <T>({ columns }: ExportKind<T>, texts: Texts): Column[] =>
  columns.map(({ heading, type }) => ({
    heading: typeof heading === 'string' ? texts[heading] : heading.label,
    type,
  }));

export const cellsOf = <T>({ columns }: ExportKind<T>, row: T, names: Names, texts: Texts): Cell[] =>
  columns.map((column) => column.of(row, names, texts));

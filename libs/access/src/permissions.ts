import type { Role, Via } from '#contracts/context';

/**
 * Who may do what at all, whatever the customer: a row for each permission, a column for each role. A further role is
 * one more column here.
 */
// prettier-ignore
const TABLE = {
  //                        salesperson finance administrator
  'session.use':             [true,       true,   true],
  'users.directory':         [true,       true,   true],
  'users.manage':            [false,      false,  true],
  'settings.read':           [true,       true,   true],
  'settings.manage':         [false,      false,  true],
  'teams.read':              [true,       true,   true],
  'teams.manage':            [false,      false,  true],
  'statuses.read':           [true,       true,   true],
  'statuses.manage':         [false,      false,  true],
  'audit.read':              [false,      false,  true],
  'custom-fields.read':      [true,       true,   true],
  'custom-fields.manage':    [false,      false,  true],
  'saved-views.use':         [true,       true,   true],
  'customers.read':          [true,       true,   true],
  'customers.write':         [true,       false,  true],
  'customers.restore':       [false,      false,  true],
  'customers.import':        [true,       false,  true],
  'customers.export':        [true,       false,  true],
  'statistics.read':         [true,       true,   true],
  'transfers.use':           [true,       false,  true],
  'delegations.use':         [true,       false,  true],
  'products.read':           [true,       true,   true],
  'products.manage':         [false,      false,  true],
  'purchases.read':          [true,       true,   true],
  'purchases.write':         [true,       false,  true],
  'quotes.read':             [true,       true,   true],
  'quotes.write':            [true,       false,  true],
  'payments.read':           [true,       true,   true],
  'payments.write':          [true,       true,   true],
  'arrears.read':            [true,       true,   true],
  'money.export':            [true,       true,   true],
  'reminders.read':          [true,       true,   true],
  'notices.use':             [true,       true,   true],
  'reminders.act':           [true,       true,   true],
  'sweeps.run':              [false,      false,  true],
  'digests.use':             [true,       true,   true],
} as const satisfies Record<string, readonly [boolean, boolean, boolean]>;

const COLUMN: Record<Role, 0 | 1 | 2> = { salesperson: 0, finance: 1, administrator: 2 };

export type Permission = keyof typeof TABLE;
export const PERMISSIONS = Object.keys(TABLE) as Permission[];

export function can(actor: { role: Role }, permission: Permission): boolean {
  return TABLE[permission][COLUMN[actor.role]];
}

/**
 * What a relation to a customer allows. `read`: see it and all that belongs to it. `edit`: change it, its quotes and purchases.
 * `money`: book and reverse payments. `own`: delete, transfer, delegate. `export`: take it away on paper or in a file.
 * `money`: book and reverse payments, act on reminders. `own`: delete, transfer, delegate.
 */
const RELATIONS = {
  read: ['owner', 'delegate', 'finance', 'admin'],
  edit: ['owner', 'delegate', 'admin'],
  money: ['owner', 'delegate', 'finance', 'admin'],
  own: ['owner', 'admin'],
  export: ['owner', 'admin'],
} as const satisfies Record<string, readonly Via[]>;

export type Relation = keyof typeof RELATIONS;

export function relationAllows(via: Via, relation: Relation): boolean {
  return (RELATIONS[relation] as readonly Via[]).includes(via);
}

import type { Grant, Role, Via } from '#contracts/context';

/**
 * Who may do what at all, whatever the customer: a row for each permission, a column for each role. A further role is
 * one more column here.
 */
// prettier-ignore
const TABLE = {
  //                        salesperson manager finance administrator
  'session.use':             [true,       true,   true,   true],
  'account.manage':          [true,       true,   true,   true],
  'users.directory':         [true,       true,   true,   true],
  'users.manage':            [false,      false,  false,  true],
  'settings.read':           [true,       true,   true,   true],
  'settings.manage':         [false,      false,  false,  true],
  'teams.read':              [true,       true,   true,   true],
  'teams.manage':            [false,      false,  false,  true],
  'statuses.read':           [true,       true,   true,   true],
  'statuses.manage':         [false,      false,  false,  true],
  'audit.read':              [false,      false,  false,  true],
  'custom-fields.read':      [true,       true,   true,   true],
  'custom-fields.manage':    [false,      false,  false,  true],
  'saved-views.use':         [true,       true,   true,   true],
  'customers.read':          [true,       true,   true,   true],
  'customers.write':         [true,       true,   false,  true],
  'customers.restore':       [false,      false,  false,  true],
  'customers.import':        [true,       true,   false,  true],
  'customers.export':        [true,       true,   false,  true],
  'statistics.read':         [true,       true,   true,   true],
  'transfers.use':           [true,       true,   false,  true],
  'hand-overs.manage':       [false,      false,  false,  true],
  'delegations.use':         [true,       true,   false,  true],
  'products.read':           [true,       true,   true,   true],
  'products.manage':         [false,      false,  false,  true],
  'purchases.read':          [true,       true,   true,   true],
  'purchases.write':         [true,       true,   false,  true],
  'quotes.read':             [true,       true,   true,   true],
  'quotes.write':            [true,       true,   false,  true],
  'payments.read':           [true,       true,   true,   true],
  'payments.write':          [true,       true,   true,   true],
  'arrears.read':            [true,       true,   true,   true],
  'money.export':            [true,       true,   true,   true],
  'reminders.read':          [true,       true,   true,   true],
  'notices.use':             [true,       true,   true,   true],
  'reminders.act':           [true,       true,   true,   true],
  'sweeps.run':              [false,      false,  false,  true],
  'digests.use':             [true,       true,   true,   true],
} as const satisfies Record<string, readonly [boolean, boolean, boolean, boolean]>;

const COLUMN: Record<Role, 0 | 1 | 2 | 3> = { salesperson: 0, manager: 1, finance: 2, administrator: 3 };

export type Permission = keyof typeof TABLE;
export const PERMISSIONS = Object.keys(TABLE) as Permission[];

/** Who acts: his role, and if it is a program with an API token the few permissions that it was given. */
interface Acting {
  role: Role;
  permissions?: readonly string[];
}

export function can({ role, permissions }: Acting, permission: Permission): boolean {
  return TABLE[permission][COLUMN[role]] && (permissions === undefined || isGiven(permissions, permission));
}

/** What no program does for anybody: else a token that leaked could make itself a longer life, or another user. */
const NEVER_BY_TOKEN: readonly Permission[] = ['account.manage', 'users.manage'];
/** What an API token may be given. */
export const GRANTABLE = PERMISSIONS.filter((permission) => !NEVER_BY_TOKEN.includes(permission));

const isGiven = (permissions: readonly string[], permission: Permission) =>
  permissions.includes(permission) && GRANTABLE.includes(permission);

/**
 * What a relation to a customer allows. `read`: see it and all that belongs to it. `edit`: change it, its quotes and
 * purchases. `money`: book and reverse payments, act on reminders. `dispose`: transfer, delegate. `own`: delete.
 * `export`: take it away on paper or in a file.
 */
const RELATIONS = {
  read: ['owner', 'delegate', 'manager', 'finance', 'admin'],
  edit: ['owner', 'delegate', 'admin'],
  money: ['owner', 'delegate', 'finance', 'admin'],
  dispose: ['owner', 'manager', 'admin'],
  own: ['owner', 'admin'],
  export: ['owner', 'manager', 'admin'],
} as const satisfies Record<string, readonly Via[]>;

export type Relation = keyof typeof RELATIONS;

/** A manager to whom the customer is delegated besides may do what either may. */
export function relationAllows(
  { via, delegationId }: Pick<Grant, 'via' | 'delegationId'>,
  relation: Relation,
): boolean {
  const standing: readonly Via[] = RELATIONS[relation];
  return standing.includes(via) || (delegationId !== undefined && standing.includes('delegate'));
}

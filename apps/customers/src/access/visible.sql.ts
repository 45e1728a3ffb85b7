import type { EntityManager } from 'typeorm';
import type { Role } from '#contracts/context';

/** Whoever is judged: the caller, or the user in whose name a longer work goes on. */
export interface Judged {
  userId: string;
  role: Role;
  /** Of a manager: the users of his teams, as `ManagersSight` has learnt. Without them he sees what a salesperson would. */
  manages?: readonly string[];
}

/** A customer that is about to change hands or to be delegated. */
export interface HeldCustomer {
  id: string;
  ownerId: string;
  version: number;
  deleted: boolean;
  lastTransferId: string | null;
  visible: boolean;
}

/*
 * Who may see which customer: the one truth of the whole system, as SQL. Every read and write of customers contains
 * `VISIBLE`, so that a list, a count, a search and a single read can't disagree.
 *
 * Queries that use it begin their parameters with `await sightOf(tx, actor)`, and call the customer `c`.
 */

/** A delegation `d` as of now, by the database's clock. What a disabled owner gave gives nothing. */
export const ACTIVE_DELEGATION = `
  d.revoked_at IS NULL AND d.starts_at <= app.now() AND (d.ends_at IS NULL OR d.ends_at > app.now())
  AND EXISTS (SELECT FROM users giver WHERE giver.id = d.owner_id AND giver.active)`;

/** The owners, beside himself, all of whose customers the actor sees: they have delegated all to him. */
export const COVERED_OWNERS = `
  SELECT DISTINCT d.owner_id FROM delegations d WHERE d.delegate_id = $1::uuid AND d.scope = 'all' AND ${ACTIVE_DELEGATION}`;

/** The single customers delegated to him. A delegation gives only what its giver still owns. */
export const COVERED_CUSTOMERS = `
  SELECT dc.customer_id
  FROM delegations d
  JOIN delegation_customers dc ON dc.delegation_id = d.id
  JOIN customers given ON given.id = dc.customer_id AND given.owner_id = d.owner_id AND given.deleted_at IS NULL
  WHERE d.delegate_id = $1::uuid AND d.scope = 'customers' AND ${ACTIVE_DELEGATION}`;

/** Whether customers are seen by whose they are: finance and administrators see everybody's. */
export const seesByOwner = ({ role }: Judged): boolean => role === 'salesperson' || role === 'manager';

/**
 * $1 to $4 of every query about customers: the actor, his role, the owners and the single customers that he sees as of
 * now. They are looked up first, and not inside of the query, because the planner must know them: it takes a stranger's
 * list for an average one, and would read the whole table in search of customers that he doesn't have.
 */
export async function sightOf(tx: EntityManager, actor: Judged): Promise<unknown[]> {
  const { userId, role, manages = [] } = actor;
  if (!seesByOwner(actor)) return [userId, role, [], []];
  const [covered] = await tx.query<[{ owners: string[]; customers: string[] }]>(
    `SELECT ARRAY(${COVERED_OWNERS})::text[] AS owners, ARRAY(${COVERED_CUSTOMERS})::text[] AS customers`,
    [userId],
  );
  return [userId, role, [...new Set([...covered.owners, ...manages])], covered.customers];
}

/** The predicate. The role is a parameter, so the planner folds it down to the one arm that counts. */
const visible = (byOwner: string, bySingle: string) => `(
  $2::text = 'administrator'
  OR c.deleted_at IS NULL AND (
    $2::text = 'finance'
    OR $2::text IN ('salesperson', 'manager') AND (c.owner_id = $1::uuid OR ${byOwner} OR ${bySingle})
  )
)`;
export const VISIBLE = visible('c.owner_id = ANY ($3::uuid[])', 'c.id = ANY ($4::uuid[])');

/** Whether the actor sees all customers of an owner, beside the single ones of `$4`. */
export const OWNER_VISIBLE = (owner: string): string => `(
  $2::text IN ('administrator', 'finance')
  OR $2::text IN ('salesperson', 'manager') AND (${owner} = $1::uuid OR ${owner} = ANY ($3::uuid[]))
)`;

/**
 * The same for one customer that the query names: it is found by its id, so nothing must be looked up first. $1 to $3
 * are `sightOfOne(actor)`.
 */
export const VISIBLE_ONE = visible(
  `c.owner_id = ANY ($3::uuid[]) OR c.owner_id IN (${COVERED_OWNERS})`,
  `c.id IN (${COVERED_CUSTOMERS})`,
);
export const sightOfOne = ({ userId, role, manages = [] }: Judged): unknown[] => [userId, role, manages];

/**
 * Why a visible customer is visible: `access.via`, and `access.delegation_id` of a delegate, who may also be the
 * manager of its owner. `managed` is the parameter with the users whom the actor manages.
 */
export const accessBy = (managed: string): string => `
  CROSS JOIN LATERAL (
    SELECT
      CASE
        WHEN $2::text = 'finance' THEN 'finance'
        WHEN c.owner_id = $1::uuid THEN 'owner'
        WHEN $2::text = 'administrator' THEN 'admin'
        WHEN c.owner_id = ANY (${managed}::uuid[]) THEN 'manager'
        ELSE 'delegate'
      END AS via,
      CASE WHEN $2::text IN ('salesperson', 'manager') AND c.owner_id <> $1::uuid THEN (
        SELECT d.id FROM delegations d
        WHERE d.delegate_id = $1::uuid AND d.owner_id = c.owner_id AND ${ACTIVE_DELEGATION}
          AND (d.scope = 'all' OR EXISTS (
            SELECT FROM delegation_customers dc WHERE dc.delegation_id = d.id AND dc.customer_id = c.id))
        ORDER BY d.id LIMIT 1
      ) END AS delegation_id
  ) access`;

import { Injectable } from '@nestjs/common';
import { In, type EntityManager } from 'typeorm';
import type { z } from 'zod';
import type { Customer as ShownCustomer, CustomerQuery } from '#contracts/customers';
import type { Via } from '#contracts/context';
import type { Page } from '#contracts/common';
import { prepared } from '#platform/database';
import { byDateAndId, byMomentAndId, byTextAndId, decodeCursor, pageOf } from '#platform/cursor';
import {
  accessBy,
  seesByOwner,
  sightOf,
  sightOfOne,
  VISIBLE,
  VISIBLE_ONE,
  type Judged,
} from '../access/visible.sql.js';
import { bitmapScansOnly } from '../bitmap-scans.sql.js';
import { fold, foldCode, probeGramsOf } from '../duplicate/folding.rules.js';
import { Customer } from './customer.entity.js';

type Query = z.output<typeof CustomerQuery>;

/** Without the values of deleted fields. */
const CUSTOM_FIELDS = `
  CASE WHEN c.custom_fields = '{}' THEN '{}' ELSE (
    SELECT coalesce(jsonb_object_agg(f.key, c.custom_fields -> f.key), '{}')
    FROM custom_fields f WHERE f.deleted_at IS NULL AND c.custom_fields ? f.key
  ) END`;
const SHOWN = `
  c.id, c.name, c.keyword, c.status_id AS "statusId", c.owner_id AS "ownerId",
  coalesce(o.display_name, '') AS "ownerName", c.created_on::text AS "createdOn", c.code, c.phone, c.email, c.address,
  c.region, c.industry, c.source, c.website, c.tax_id AS "taxId", c.invoice_title AS "invoiceTitle",
  c.payment_term_days AS "paymentTermDays", c.language, c.note, c.tags, ${CUSTOM_FIELDS} AS "customFields",
  c.created_at AS "createdAt", c.updated_at AS "updatedAt", c.deleted_at AS "deletedAt", c.version,
  jsonb_strip_nulls(jsonb_build_object('via', access.via, 'delegationId', access.delegation_id)) AS access`;
const from = (managed: string) => `customers c LEFT JOIN users o ON o.id = c.owner_id ${accessBy(managed)}`;

type Shown = Record<string, unknown> & { id: string; createdAt: Date; updatedAt: Date; deletedAt: Date | null };

/** The sorts that may be asked for. A key goes into the cursor as text and comes back as its type. */
const BY_NAME = { column: 'c.name', type: 'text', position: byTextAndId };
const BY_CREATION = { column: 'c.created_on', type: 'date', position: byDateAndId };
const BY_UPDATE = { column: 'c.updated_at', type: 'timestamptz', position: byMomentAndId };
const SORTS = {
  name: { ...BY_NAME, order: 'ASC' },
  '-name': { ...BY_NAME, order: 'DESC' },
  createdOn: { ...BY_CREATION, order: 'ASC' },
  '-createdOn': { ...BY_CREATION, order: 'DESC' },
  updatedAt: { ...BY_UPDATE, order: 'ASC' },
  '-updatedAt': { ...BY_UPDATE, order: 'DESC' },
} as const satisfies Record<Query['sort'], object>;

/** What customers are marked with, by the columns that hold it; one has all that is asked for. */
type Marks = Record<'tags' | 'custom_terms', readonly string[]>;
/** So many are sorted in no time; among a hundred thousand, more are found soon by reading the list in its order. */
const FEW = 2_000;

export interface FoundCustomer {
  id: string;
  code?: string;
  ownerId: string;
  paymentTermDays?: number;
  via: Via;
  delegationId?: string;
}

/** The columns that a customer is written to; the others are the database's, and the follow-ups'. */
const COLUMNS = {
  id: 'id',
  name: 'name',
  keyword: 'keyword',
  statusId: 'status_id',
  ownerId: 'owner_id',
  createdOn: 'created_on',
  code: 'code',
  codeFolded: 'code_folded',
  phone: 'phone',
  email: 'email',
  address: 'address',
  region: 'region',
  industry: 'industry',
  source: 'source',
  website: 'website',
  taxId: 'tax_id',
  invoiceTitle: 'invoice_title',
  paymentTermDays: 'payment_term_days',
  language: 'language',
  note: 'note',
  tags: 'tags',
  customFields: 'custom_fields',
  customTerms: 'custom_terms',
  lastTransferId: 'last_transfer_id',
  deletedAt: 'deleted_at',
  version: 'version',
} as const satisfies { [field in Exclude<keyof Columns, 'createdAt' | 'updatedAt'>]: string };
type Columns = Omit<Customer, 'edit' | 'lastFollowUpOn' | 'nextFollowUpOn'>;
const WRITTEN = Object.values(COLUMNS);
const EDITED = WRITTEN.filter((column) => column !== 'id' && column !== 'version');

const rowOf = (customer: Customer) =>
  Object.fromEntries(Object.entries(COLUMNS).map(([field, column]) => [column, customer[field as keyof Columns]]));

const having = (marks: Marks, $: (value: unknown) => string): string =>
  Object.entries(marks)
    .filter(([, wanted]) => wanted.length > 0)
    .map(([column, wanted]) => `c.${column} @> ${$(wanted)}::text[]`)
    .join(' AND ');

@Injectable()
export class CustomerRepository {
  /** As the actor sees it; undefined if he doesn't. */
  async find(tx: EntityManager, actor: Judged, id: string): Promise<ShownCustomer | undefined> {
    const [row] = await prepared<Shown>(tx, `SELECT ${SHOWN} FROM ${from('$3')} WHERE c.id = $4 AND ${VISIBLE_ONE}`, [
      ...sightOfOne(actor),
      id,
    ]);
    return row && shown(row);
  }

  /**
   * `customTerms`: what `query.custom` asks for. With such, or tags, in a transaction. `members`: the users of
   * `query.teamId`.
   */
  async list(
    tx: EntityManager,
    actor: Judged,
    query: Query,
    { customTerms = [], members }: { customTerms?: readonly string[]; members?: readonly string[] } = {},
  ): Promise<Page<ShownCustomer>> {
    const parameters = await sightOf(tx, actor);
    const $ = (value: unknown) => `$${parameters.push(value)}`;
    const managed = $(actor.manages ?? []);
    const where = [VISIBLE, `c.deleted_at IS ${query.deleted ? 'NOT NULL' : 'NULL'}`];
    if (query.statusId) where.push(`c.status_id = ${$(query.statusId)}`);
    if (query.ownerId) where.push(`c.owner_id = ${$(query.ownerId)}`);
    if (members) where.push(`c.owner_id = ANY (${$(members)}::uuid[])`);
    if (query.tag || customTerms.length > 0) {
      const marks = { tags: query.tag ?? [], custom_terms: customTerms };
      const few = await this.few(tx, marks);
      where.push(few ? `c.id = ANY (${$(few)}::uuid[])` : having(marks, $));
    }
    if (query.noFollowUpSince) {
      where.push(`coalesce(c.last_follow_up_on, '-infinity') < ${$(query.noFollowUpSince)}::date`);
    }
    if (query.createdFrom) where.push(`c.created_on >= ${$(query.createdFrom)}::date`);
    if (query.createdTo) where.push(`c.created_on <= ${$(query.createdTo)}::date`);
    if (query.relation === 'owned') where.push(`c.owner_id = $1::uuid`);
    if (query.relation === 'delegated') {
      where.push(`${seesByOwner(actor)} AND c.owner_id <> $1::uuid AND c.owner_id <> ALL (${managed}::uuid[])`);
    }
    if (query.q) {
      const sought = fold(query.q);
      where.push(`c.id IN (
        SELECT n.customer_id FROM customer_names n
        WHERE n.search_grams @> ${$(probeGramsOf(sought))}::text[] AND position(${$(sought)} IN n.search_text) > 0)`);
    }

    const { column, type, order, position } = SORTS[query.sort];
    const binding = { actorId: actor.userId, filter: query };
    const after = decodeCursor<z.ZodType<string[]>>(binding, query.cursor, position);
    if (after) {
      const [key, id] = after;
      where.push(`(${column}, c.id) ${order === 'ASC' ? '>' : '<'} (${$(key)}::${type}, ${$(id)}::uuid)`);
    }
    const rows = await tx.query<(Shown & { sortKey: string })[]>(
      `SELECT ${SHOWN}, ${column}::text AS "sortKey" FROM ${from(managed)} WHERE ${where.join(' AND ')}
       ORDER BY ${column} ${order}, c.id ${order} LIMIT ${$(query.limit + 1)}`,
      parameters,
    );
    const page = pageOf(rows, query.limit, binding, ({ sortKey, id }) => [sortKey, id]);
    return { ...page, items: page.items.map(({ sortKey: _sortKey, ...row }) => shown(row as Shown)) };
  }

  /**
   * The customers with these marks, whoever's they are, if there are but few. How rare a mark is that isn't among the
   * most frequent the planner can only guess; it would read the whole list in its order in search of them.
   */
  private async few(tx: EntityManager, marks: Marks): Promise<string[] | undefined> {
    const parameters: unknown[] = [];
    const condition = having(marks, (value) => `$${parameters.push(value)}`);
    await tx.query(bitmapScansOnly(true));
    const found = await tx.query<{ id: string }[]>(
      `SELECT c.id FROM customers c WHERE ${condition} LIMIT ${FEW + 1}`,
      parameters,
    );
    await tx.query(bitmapScansOnly(false));
    return found.length > FEW ? undefined : found.map(({ id }) => id);
  }

  /** Those of the codes or ids that the user may see, with how. */
  async findMany(
    tx: EntityManager,
    actor: Judged,
    { codes = [], ids = [] }: { codes?: string[]; ids?: string[] },
  ): Promise<FoundCustomer[]> {
    return tx
      .query<{ found: FoundCustomer }[]>(
        `SELECT jsonb_strip_nulls(jsonb_build_object('id', c.id, 'code', c.code, 'ownerId', c.owner_id,
         'paymentTermDays', c.payment_term_days, 'via', access.via, 'delegationId', access.delegation_id)) AS found
       FROM customers c ${accessBy('$7')}
       WHERE (c.code_folded = ANY ($5::text[]) OR c.id = ANY ($6::uuid[])) AND c.deleted_at IS NULL AND ${VISIBLE}`,
        [...(await sightOf(tx, actor)), codes.map(foldCode), ids, actor.manages ?? []],
      )
      .then((rows) => rows.map(({ found }) => found));
  }

  /** The customer whole, for a change; whoever asks holds it already (`AccessService.hold`). */
  async load(tx: EntityManager, id: string): Promise<Customer> {
    return tx.findOneByOrFail(Customer, { id });
  }

  /** The same for many. */
  async loadMany(tx: EntityManager, ids: string[]): Promise<Customer[]> {
    return tx.findBy(Customer, { id: In(ids) });
  }

  /** Customers by their folded codes, whoever's they are, held for a change. */
  async loadByCodes(tx: EntityManager, folded: string[]): Promise<Customer[]> {
    return tx
      .createQueryBuilder(Customer, 'c')
      .where('c.code_folded = ANY (:folded) AND c.deleted_at IS NULL', { folded })
      .orderBy('c.id')
      .setLock('pessimistic_write')
      .getMany();
  }

  /** Whether another customer has the code. Of two at the same moment the unique index refuses the later one. */
  async isCodeTaken(tx: EntityManager, { id, codeFolded }: Customer): Promise<boolean> {
    if (codeFolded === null) return false;
    const taken = await tx.query<unknown[]>(
      `SELECT FROM customers WHERE code_folded = $1 AND deleted_at IS NULL AND id <> $2`,
      [codeFolded, id],
    );
    return taken.length > 0;
  }

  /** Any number at once. Errors: the unique code. */
  async insert(tx: EntityManager, customers: readonly Customer[]): Promise<void> {
    if (customers.length === 0) return;
    await tx.query(
      `INSERT INTO customers (${WRITTEN.join(', ')})
       SELECT ${WRITTEN.join(', ')} FROM jsonb_populate_recordset(NULL::customers, $1::jsonb)`,
      [JSON.stringify(customers.map(rowOf))],
    );
  }

  /** Writes customers at their next versions. False: somebody else was faster with one of them. */
  async save(tx: EntityManager, customers: readonly Customer[]): Promise<boolean> {
    if (customers.length === 0) return true;
    const [, count] = await tx.query<[unknown, number]>(
      `UPDATE customers c SET (${EDITED.join(', ')}) = ROW(${EDITED.map((column) => `edited.${column}`).join(', ')}),
         version = c.version + 1, updated_at = app.now()
       FROM jsonb_populate_recordset(NULL::customers, $1::jsonb) AS edited
       WHERE c.id = edited.id AND c.version = edited.version`,
      [JSON.stringify(customers.map(rowOf))],
    );
    for (const customer of customers) customer.version++;
    return count === customers.length;
  }

  /** All customers, deleted ones too, in pages. */
  async pageAfter(tx: EntityManager, after: string | undefined, limit: number): Promise<Customer[]> {
    const page = tx.createQueryBuilder(Customer, 'c').orderBy('c.id').limit(limit);
    if (after) page.where('c.id > :after', { after });
    return page.getMany();
  }
}

/** Leaves out what is empty, and writes times as the API does. */
function shown(row: Shown): ShownCustomer {
  const filled = Object.entries(row).filter(([, value]) => value !== null);
  const told = filled.map(([field, value]) => [field, value instanceof Date ? value.toISOString() : value] as const);
  return Object.fromEntries(told) as unknown as ShownCustomer;
}

import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { DunningNotice } from '#contracts/dunning-notices';
import type { Language } from '#contracts/common';
import type { Scope } from '#contracts/context';
import { stateOn } from '../reminder/reminder.sql.js';
import { IN_SCOPE, scopeParameters } from '../scope/visible.sql.js';
import { leadOn, LEADS } from '../service-fee/lead.sql.js';
import { numberOf, type Due } from './notice.rules.js';

/** What is on a letter. */
export type NoticeContent = Pick<
  DunningNotice,
  'customerName' | 'language' | 'letterhead' | 'currency' | 'payBy' | 'lines' | 'total'
>;
export interface NewNotice {
  id: string;
  number: string;
  customerId: string;
  foldedName: string;
  issuedOn: string;
  issuedById: string;
  issuedForId: string | null;
  content: NoticeContent;
}
export interface NoticeRow extends Omit<NewNotice, 'foldedName'> {
  createdAt: Date;
  prints: { at: string; userId: string }[];
}
export interface Addressee {
  id: string;
  name: string;
  foldedName: string;
  ownerId: string;
  language: Language | null;
}

const ROW = `
  n.id, n.number, n.customer_id AS "customerId", n.issued_on::text AS "issuedOn", n.issued_by_id AS "issuedById",
  n.issued_for_id AS "issuedForId", n.content, n.created_at AS "createdAt",
  (SELECT coalesce(jsonb_agg(jsonb_build_object('at', p.printed_at, 'userId', p.user_id) ORDER BY p.id), '[]')
   FROM dunning_notice_prints p WHERE p.notice_id = n.id) AS prints`;

/** As of $2. */
const STATE = stateOn('$2::date');
const PAUSED = `coalesce(${STATE} IN ('acknowledged', 'snoozed', 'promised', 'disputed'), false)`;

@Injectable()
export class NoticeRepository {
  /** Those of the customers that the scope shows. */
  async addressees(tx: EntityManager, scope: Scope, customerIds: string[]): Promise<Addressee[]> {
    return tx.query<Addressee[]>(
      `SELECT k.id, k.name, k.folded_name AS "foldedName", k.owner_id AS "ownerId", k.language
       FROM customers k WHERE k.id = ANY ($4::uuid[]) AND ${IN_SCOPE}`,
      [...scopeParameters(scope), customerIds],
    );
  }

  /**
   * What these customers are asked for as of today: balances from their due date, fees from their lead date, which is
   * `lead` before the service's end unless the product has its own. What somebody has closed is not asked for any more.
   * In the order of the letter.
   */
  async dues(tx: EntityManager, customerIds: string[], today: string, lead: string): Promise<Due[]> {
    return tx.query<Due[]>(
      `SELECT kind, "purchaseId", "customerId", "productName", due_on::text AS "dueOn", amount::text, paused
       FROM (
         SELECT 'service-fee' AS kind, c.purchase_id AS "purchaseId", c.customer_id AS "customerId",
           c.product_name AS "productName", c.service_ends_on AS due_on, c.annual_fee AS amount, ${PAUSED} AS paused
         FROM charges c ${LEADS} LEFT JOIN reminders r
           ON r.kind = 'service-fee' AND r.purchase_id = c.purchase_id AND r.period_start = c.service_ends_on
         WHERE c.customer_id = ANY ($1::uuid[]) AND c.remind AND c.voided_on IS NULL AND c.annual_fee > 0
           AND ${leadOn('$3')} <= $2::date AND r.state IS DISTINCT FROM 'closed'
         UNION ALL
         SELECT 'arrears', c.purchase_id, c.customer_id, c.product_name, c.due_on, c.payable - c.paid, ${PAUSED}
         FROM charges c LEFT JOIN reminders r
           ON r.kind = 'arrears' AND r.purchase_id = c.purchase_id AND r.period_start = c.due_on
         WHERE c.customer_id = ANY ($1::uuid[]) AND c.voided_on IS NULL AND c.paid < c.payable
           AND c.due_on <= $2::date AND r.state IS DISTINCT FROM 'closed') dues
       ORDER BY kind DESC, due_on, "purchaseId"`,
      [customerIds, today, lead],
    );
  }

  /** So many numbers in a row. The year's counter is held until the transaction ends. */
  async takeNumbers(tx: EntityManager, year: string, count: number): Promise<string[]> {
    const [taken] = await tx.query<[{ last: number }]>(
      `INSERT INTO dunning_notice_numbers AS n (year, last) VALUES ($1, $2)
       ON CONFLICT (year) DO UPDATE SET last = n.last + $2 RETURNING last`,
      [year, count],
    );
    return Array.from({ length: count }, (_, place) => numberOf(year, taken.last - count + place + 1));
  }

  async insert(tx: EntityManager, notices: NewNotice[]): Promise<void> {
    await tx.query(
      `INSERT INTO dunning_notices (id, number, customer_id, folded_name, issued_on, issued_by_id, issued_for_id,
         content, created_at)
       SELECT id, number, "customerId", "foldedName", "issuedOn", "issuedById", "issuedForId", content, app.now()
       FROM jsonb_to_recordset($1::jsonb) AS new (id uuid, number text, "customerId" uuid, "foldedName" text,
         "issuedOn" date, "issuedById" uuid, "issuedForId" uuid, content jsonb)`,
      [JSON.stringify(notices)],
    );
  }

  /** The latest first. */
  async page(
    tx: EntityManager,
    scope: Scope,
    filter: {
      customerId?: string;
      ownerId?: string;
      issuedFrom?: string;
      issuedTo?: string;
      /** Folded. */
      text?: string;
      before?: string;
      limit: number;
    },
  ): Promise<NoticeRow[]> {
    return tx.query<NoticeRow[]>(
      `SELECT ${ROW} FROM dunning_notices n JOIN customers k ON k.id = n.customer_id
       WHERE ${IN_SCOPE}
         AND ($4::uuid IS NULL OR n.customer_id = $4) AND ($5::uuid IS NULL OR k.owner_id = $5)
         AND ($6::date IS NULL OR n.issued_on >= $6) AND ($7::date IS NULL OR n.issued_on <= $7)
         AND ($8::text IS NULL OR strpos(n.folded_name, $8) > 0 OR strpos(lower(n.number), $8) > 0)
         AND ($9::uuid IS NULL OR n.id < $9)
       ORDER BY n.id DESC LIMIT $10`,
      [
        ...scopeParameters(scope),
        filter.customerId ?? null,
        filter.ownerId ?? null,
        filter.issuedFrom ?? null,
        filter.issuedTo ?? null,
        filter.text ?? null,
        filter.before ?? null,
        filter.limit,
      ],
    );
  }

  /** Those of the letters whose customers the scope shows, in no order. */
  async find(tx: EntityManager, scope: Scope, ids: string[]): Promise<NoticeRow[]> {
    return tx.query<NoticeRow[]>(
      `SELECT ${ROW} FROM dunning_notices n JOIN customers k ON k.id = n.customer_id
       WHERE n.id = ANY ($4::uuid[]) AND ${IN_SCOPE}`,
      [...scopeParameters(scope), ids],
    );
  }

  /** In the order of their ids. */
  async after(tx: EntityManager, after: string | undefined, limit: number): Promise<NoticeRow[]> {
    return tx.query<NoticeRow[]>(
      `SELECT ${ROW} FROM dunning_notices n WHERE $1::uuid IS NULL OR n.id > $1 ORDER BY n.id LIMIT $2`,
      [after ?? null, limit],
    );
  }

  /** Gives the prints' ids by their notices. */
  async notePrints(tx: EntityManager, noticeIds: string[], userId: string): Promise<Map<string, string>> {
    const rows = await tx.query<{ id: string; noticeId: string }[]>(
      `INSERT INTO dunning_notice_prints (notice_id, printed_at, user_id)
       SELECT notice_id, app.now(), $2 FROM unnest($1::uuid[]) AS notice_id
       RETURNING id, notice_id AS "noticeId"`,
      [noticeIds, userId],
    );
    return new Map(rows.map(({ id, noticeId }) => [noticeId, id]));
  }
}

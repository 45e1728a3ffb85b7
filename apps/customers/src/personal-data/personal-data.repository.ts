import type { EntityManager } from 'typeorm';
import type { FieldChange } from '../customer/customer.entity.js';
import { BLANK, type NamedPerson } from './personal-data.rules.js';

/** The one role that may change the log. Nobody signs in as it: the schema's owner steps into it. */
const ERASURE_ROLE = 'hfx_customers_erasure';

export interface HeldContact extends NamedPerson {
  id: string;
}
export interface HeldEntry {
  id: string;
  resource: string;
  resourceId: string | null;
  changes: FieldChange[];
  details: object;
}
export interface HeldFollowUp {
  id: string;
  content: string;
}

/** A contact that was blanked just now, and its version since. */
export interface BlankedContact {
  id: string;
  version: number;
}

/** Made of its columns as they are: whoever asks for his data gets all of it. */
type Whole = Record<string, unknown>;

export class PersonalDataRepository {
  /** For the rest of the transaction. Errors: PostgreSQL's for everybody but the schema's owner. */
  async stepIn(tx: EntityManager): Promise<void> {
    await tx.query(`SET LOCAL ROLE ${ERASURE_ROLE}`);
  }

  /** Whoever changes contacts holds their customer. */
  async holdCustomer(tx: EntityManager, customerId: string): Promise<boolean> {
    const rows = await tx.query<unknown[]>(`SELECT FROM customers WHERE id = $1 FOR UPDATE`, [customerId]);
    return rows.length > 0;
  }

  /** Deleted ones, too. Without a contact's id all that the customer has. */
  async contacts(tx: EntityManager, customerId: string, contactId?: string): Promise<HeldContact[]> {
    return tx.query<HeldContact[]>(
      `SELECT id, name, phone, mobile, email, wechat FROM contacts
       WHERE customer_id = $1 AND ($2::uuid IS NULL OR id = $2) ORDER BY id`,
      [customerId, contactId ?? null],
    );
  }

  /** Off the customer's list as well, of which another becomes the primary one. Gives those that were not blank yet. */
  async blankContacts(tx: EntityManager, customerId: string, ids: string[]): Promise<BlankedContact[]> {
    const [blanked] = await tx.query<[BlankedContact[], number]>(
      `UPDATE contacts SET name = $2, title = NULL, phone = NULL, mobile = NULL, email = NULL, wechat = NULL,
         birthday = NULL, note = NULL, is_primary = false, deleted_at = coalesce(deleted_at, app.now()),
         updated_at = app.now(), version = version + 1
       WHERE id = ANY ($1::uuid[]) AND (deleted_at IS NULL OR name <> $2
         OR num_nonnulls(title, phone, mobile, email, wechat, birthday, note) > 0)
       RETURNING id, version`,
      [ids, BLANK],
    );
    await tx.query(
      `UPDATE contacts SET is_primary = true, updated_at = app.now(), version = version + 1
       WHERE id = (SELECT id FROM contacts WHERE customer_id = $1 AND deleted_at IS NULL ORDER BY id LIMIT 1)
         AND NOT EXISTS (SELECT FROM contacts WHERE customer_id = $1 AND deleted_at IS NULL AND is_primary)`,
      [customerId],
    );
    return blanked;
  }

  /** The customer's, and what was exported by searching for one of the words. */
  async entries(tx: EntityManager, customerId: string, words: readonly string[]): Promise<HeldEntry[]> {
    return tx.query<HeldEntry[]>(
      `SELECT id, resource, resource_id AS "resourceId", changes, details FROM log_entries
       WHERE customer_id = $1 OR customer_id IS NULL AND action IN ('exported', 'printed')
         AND EXISTS (SELECT FROM unnest($2::text[]) AS word WHERE strpos(lower(details::text), lower(word)) > 0)
       ORDER BY at, id`,
      [customerId, words],
    );
  }

  async rewriteEntries(tx: EntityManager, entries: readonly Pick<HeldEntry, 'id' | 'changes' | 'details'>[]) {
    await tx.query(
      `UPDATE log_entries e SET changes = new.changes, details = new.details
       FROM jsonb_to_recordset($1::jsonb) AS new (id uuid, changes jsonb, details jsonb) WHERE e.id = new.id`,
      [JSON.stringify(entries.map(({ id, changes, details }) => ({ id, changes, details })))],
    );
  }

  async followUps(tx: EntityManager, customerId: string): Promise<HeldFollowUp[]> {
    return tx.query<HeldFollowUp[]>(
      `SELECT id, content FROM follow_ups WHERE customer_id = $1 ORDER BY occurred_at, id`,
      [customerId],
    );
  }

  async rewriteFollowUps(tx: EntityManager, followUps: readonly HeldFollowUp[]): Promise<void> {
    await tx.query(
      `UPDATE follow_ups f SET content = new.content
       FROM jsonb_to_recordset($1::jsonb) AS new (id uuid, content text) WHERE f.id = new.id`,
      [JSON.stringify(followUps)],
    );
  }

  /** In the customer's log, as what the system itself did. */
  async note(tx: EntityManager, action: string, customerId: string, details: object): Promise<void> {
    await tx.query(
      `INSERT INTO log_entries (kind, action, resource, customer_id, details)
       VALUES ('operation', $1, 'personal-data', $2, $3)`,
      [action, customerId, JSON.stringify(details)],
    );
  }

  async wholeCustomer(tx: EntityManager, customerId: string): Promise<Whole | undefined> {
    const [row] = await this.whole(tx, 'customers', 'id = $1', 'id', [customerId]);
    return row;
  }

  async wholeContacts(tx: EntityManager, ids: string[]): Promise<Whole[]> {
    return this.whole(tx, 'contacts', 'id = ANY ($1::uuid[])', 'id', [ids]);
  }

  async wholeFollowUps(tx: EntityManager, ids: string[]): Promise<Whole[]> {
    return this.whole(tx, 'follow_ups', 'id = ANY ($1::uuid[])', 'occurred_at, id', [ids]);
  }

  async wholeEntries(tx: EntityManager, ids: string[]): Promise<Whole[]> {
    return this.whole(tx, 'log_entries', 'id = ANY ($1::uuid[])', 'at, id', [ids]);
  }

  private async whole(tx: EntityManager, table: string, where: string, order: string, values: unknown[]) {
    const rows = await tx.query<{ row: Whole }[]>(
      `SELECT to_jsonb(t) AS row FROM ${table} t WHERE ${where} ORDER BY ${order}`,
      values,
    );
    return rows.map(({ row }) => row);
  }
}

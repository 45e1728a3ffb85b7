import type { EntityManager } from 'typeorm';
import { accessVersionStated } from '#contracts/access';
import { customerChanged } from '#contracts/customers';
import { customersTransferred } from '#contracts/transfers';
import { isEvent, Projection, Retry, type ParsedEvent } from '#messaging/projection';
import { fold } from '#text/fold';
import { SalesService } from '../statistics/sales.service.js';

/** Customers, whose they are, and how far that is known. */
@Projection({ name: 'billing-customers', from: [customerChanged, customersTransferred, accessVersionStated] })
export class CustomersProjection {
  constructor(private readonly sales: SalesService) {}

  async apply(tx: EntityManager, events: ParsedEvent[]): Promise<void> {
    const customerIds = events.flatMap((event) => {
      if (isEvent(customerChanged, event)) return [event.data.id];
      return isEvent(customersTransferred, event) ? event.data.customers.map(({ id }) => id) : [];
    });
    await this.sales.keep(tx, { customerIds }, async () => {
      await this.keepStates(tx, events);
      await this.keepOwners(tx, events);
    });
    await this.keepOwnerVersions(tx, events);
  }

  private async keepStates(tx: EntityManager, events: ParsedEvent[]): Promise<void> {
    const customers = events
      .filter((event) => isEvent(customerChanged, event))
      .map(({ version, data: { id, name, ownerId, code, language, deleted } }) => {
        return { id, name, folded: fold(name), ownerId, code, language, deleted, version };
      });
    if (customers.length === 0) return;
    await tx.query(
      `INSERT INTO customers (id, name, folded_name, owner_id, code, language, deleted, version)
       SELECT DISTINCT ON (id) id, name, folded, "ownerId", code, language, deleted, version
       FROM jsonb_to_recordset($1::jsonb) AS told (
         id uuid, name text, folded text, "ownerId" uuid, code text, language text, deleted boolean, version int)
       ORDER BY id, version DESC
       ON CONFLICT (id) DO UPDATE SET name = excluded.name, folded_name = excluded.folded_name,
         owner_id = excluded.owner_id, code = excluded.code, language = excluded.language,
         deleted = excluded.deleted, version = excluded.version
       WHERE customers.version < excluded.version`,
      [JSON.stringify(customers)],
    );
  }

  /** After the states: a transfer's version tells by itself whether a state of the same batch came before it. */
  private async keepOwners(tx: EntityManager, events: ParsedEvent[]): Promise<void> {
    const moved = events
      .filter((event) => isEvent(customersTransferred, event))
      .flatMap(({ data }) => data.customers.map(({ id, version, toOwnerId }) => ({ id, version, toOwnerId })));
    if (moved.length === 0) return;
    await tx.query(
      `UPDATE customers SET owner_id = moved."toOwnerId", version = moved.version
       FROM (
         SELECT DISTINCT ON (id) * FROM jsonb_to_recordset($1::jsonb) AS told (id uuid, "toOwnerId" uuid, version int)
         ORDER BY id, version DESC) moved
       WHERE customers.id = moved.id AND customers.version < moved.version`,
      [JSON.stringify(moved)],
    );
  }

  /**
   * Each change of an owner's view raises his version by one. One that is not the next stands behind a change that has
   * not come: with it applied, the scope's wait would let a read through that lacks that change.
   */
  private async keepOwnerVersions(tx: EntityManager, events: ParsedEvent[]): Promise<void> {
    const raised = events.flatMap((event) => {
      if (isEvent(accessVersionStated, event)) return [{ ...event.data, id: event.data.ownerId, stated: true }];
      if (isEvent(customerChanged, event) || isEvent(customersTransferred, event)) {
        return event.data.owners.map((owner) => ({ ...owner, stated: false }));
      }
      return [];
    });
    if (raised.length === 0) return;

    const known = await tx.query<{ owner_id: string; version: number }[]>(
      `SELECT owner_id, version FROM owner_versions WHERE owner_id = ANY ($1)`,
      [raised.map(({ id }) => id)],
    );
    const applied = new Map(known.map((row) => [row.owner_id, row.version]));
    for (const { id, accessVersion, stated } of raised) {
      const version = applied.get(id) ?? 0;
      if (accessVersion <= version) continue;
      if (!stated && accessVersion > version + 1) {
        throw new Retry(`access version ${accessVersion} of owner ${id} after ${version}`);
      }
      applied.set(id, accessVersion);
    }
    await tx.query(
      `INSERT INTO owner_versions (owner_id, version) SELECT * FROM unnest($1::uuid[], $2::int[])
       ON CONFLICT (owner_id) DO UPDATE SET version = excluded.version WHERE owner_versions.version < excluded.version`,
      [[...applied.keys()], [...applied.values()]],
    );
  }
}

import { resolveAccess, resolveScope } from '#contracts/access';
import type { Actor } from '#contracts/context';
import { getCustomer, listCustomers, type Customer } from '#contracts/customers';
import { listStatuses } from '#contracts/statuses';
import { as, type Fixture } from './fixture.js';

/** Whether single read, access, list, count and scope agree that the customer is visible, and how. */
export async function sightOf(f: Fixture, who: Actor, { id, statusId }: Customer): Promise<string | undefined> {
  const [{ ownerId }] = await f.db.dataSource.query<[{ ownerId: string }]>(
    `SELECT owner_id AS "ownerId" FROM customers WHERE id = $1`,
    [id],
  );
  const grant = await f.ask(resolveAccess, { customerId: id }, as(who)).catch(() => undefined);
  const single = await f.ask(getCustomer, { customerId: id }, as(who)).catch(() => undefined);
  const listed = (await f.ask(listCustomers, { limit: 200 }, as(who))).items;
  const counted = (await f.ask(listStatuses, {}, as(who))).items.find((status) => status.id === statusId)?.count;
  const { scope } = await f.ask(resolveScope, {}, as(who));
  const inScope = scope.all || scope.owners.some((owner) => owner.id === ownerId) || scope.customerIds.includes(id);
  expect({
    single: single?.access,
    list: listed.find((customer) => customer.id === id)?.access,
    count: counted,
    inScope,
  }).toEqual({
    single: grant && { via: grant.via, ...(grant.delegationId && { delegationId: grant.delegationId }) },
    list: single?.access,
    count: listed.filter((customer) => customer.statusId === statusId).length,
    inScope: grant !== undefined,
  });
  return grant?.via;
}

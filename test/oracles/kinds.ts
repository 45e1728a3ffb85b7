import type { Operation, Request } from './operation.js';
import type { Dice, World } from './world.js';

export interface Plan {
  who: string;
  request: Request;
  /** Left out: the number's own. */
  mark?: string;
  /** Left out: 1. */
  size?: number;
}

/** A kind of operation of the main flow: how one is made up, what is learnt from its answer, what it leaves behind. */
export interface Kind {
  weight: number;
  /** Undefined: there is nothing to do it to yet. `mark` and `price` are this operation's alone. */
  plan(world: World, dice: Dice, own: { mark: string; price: string }): Plan | undefined;
  learn?(world: World, operation: Operation, body: never): void;
  /** Gives `mark` and `count` for each of the marks in `$1::text[]` that has left a trace. */
  traces: string;
}

const counted = (mark: string, from: string) =>
  `SELECT ${mark} AS mark, count(*)::int AS count FROM ${from} WHERE ${mark} = ANY ($1::text[]) GROUP BY 1`;

const post = (path: string, body: object): Request => ({ method: 'POST', path, body });
const salespeople = (world: World) => world.people.filter(({ role }) => role === 'salesperson');
const anotherThan = (world: World, dice: Dice, username: string) =>
  dice.of(salespeople(world).filter((person) => person.username !== username));

const reference = counted('reference', 'sales.payments');
const told = (action: string) =>
  counted(
    `(payload->>'aggregateId')`,
    `(SELECT payload FROM customers.outbox WHERE subject = 'evt.customers.customer.changed.v1'
       AND payload->'data'->>'action' = '${action}') told`,
  );

export const KINDS: Record<string, Kind> = {
  'create customer': {
    weight: 3,
    plan: (world, dice, { mark }) => ({
      who: dice.of(salespeople(world))!.username,
      request: post('/customers', { name: `${mark}有限公司`, keyword: mark, acknowledgeDuplicates: true }),
    }),
    learn: (world, { who }, body: { id: string }) => world.customers.push({ id: body.id, owner: who, deletable: true }),
    traces: counted('keyword', 'customers.customers JOIN customers.customer_names ON customer_id = id'),
  },
  'edit customer': {
    weight: 3,
    plan: (world, dice, { mark }) => {
      const lent = dice.happens(0.3) ? dice.of(world.delegations) : undefined;
      const customer = lent ? { id: lent.customerId, owner: lent.delegate } : dice.of(world.customers);
      if (!customer) return undefined;
      const request: Request = { method: 'PATCH', path: `/customers/${customer.id}`, body: { note: mark } };
      return { who: customer.owner, request };
    },
    traces: counted(
      `(change->>'to')`,
      `customers.outbox CROSS JOIN LATERAL jsonb_array_elements(
         CASE WHEN subject = 'evt.customers.customer.changed.v1' THEN payload->'data'->'changes' ELSE '[]' END) change`,
    ),
  },
  transfer: {
    weight: 1,
    plan: (world, dice, { mark }) => {
      const customer = dice.of(world.customers);
      const to = customer && anotherThan(world, dice, customer.owner);
      if (!customer || !to) return undefined;
      const own = world.customers.filter(({ owner }) => owner === customer.owner);
      const ids = new Set([customer.id, dice.of(own)?.id, dice.of(own)?.id].filter((id) => id !== undefined));
      const who = dice.happens(0.3) ? 'admin' : customer.owner;
      const body = { customerIds: [...ids], toUserId: to.userId, reason: mark };
      return { who, request: post('/transfers', body), size: ids.size };
    },
    learn: (world, { request }) => {
      const { customerIds, toUserId } = request.body as { customerIds: string[]; toUserId: string };
      const owner = world.people.find(({ userId }) => userId === toUserId)?.username ?? '';
      const moved = [...world.customers, ...world.purchases, ...world.payments];
      for (const one of moved)
        if (customerIds.includes('customerId' in one ? one.customerId : one.id)) one.owner = owner;
      world.delegations = world.delegations.filter(({ customerId }) => !customerIds.includes(customerId));
    },
    traces: counted('reason', 'customers.transfers JOIN customers.transfer_customers ON transfer_id = id'),
  },
  delegate: {
    weight: 2,
    plan: (world, dice, { mark }) => {
      const customer = dice.of(world.customers);
      const to = customer && anotherThan(world, dice, customer.owner);
      if (!customer || !to) return undefined;
      const body = { delegateId: to.userId, customerIds: [customer.id], reason: mark };
      return { who: customer.owner, request: post('/delegations', body) };
    },
    learn: (world, { request, who }, body: { id: string }) => {
      const { delegateId, customerIds } = request.body as { delegateId: string; customerIds: [string] };
      const delegate = world.people.find(({ userId }) => userId === delegateId)?.username ?? '';
      world.delegations.push({ id: body.id, owner: who, delegate, customerId: customerIds[0] });
    },
    // A transfer takes its customers out of a delegation, but leaves the delegation.
    traces: counted('reason', 'customers.delegations'),
  },
  revoke: {
    weight: 1,
    plan: (world, dice) => {
      const given = dice.take(world.delegations);
      if (!given) return undefined;
      return { who: given.owner, request: post(`/delegations/${given.id}/revoke`, {}), mark: given.id };
    },
    traces: counted('id::text', '(SELECT id FROM customers.delegations WHERE revoked_at IS NOT NULL) revoked'),
  },
  purchase: {
    weight: 4,
    plan: (world, dice, { price }) => {
      const customer = dice.of(world.customers);
      if (!customer) return undefined;
      const size = 1 + dice.below(3);
      const purchase = { productId: world.productId, quantity: '1', unitPrice: price, soldOn: '2025-01-01' };
      const purchases = Array.from({ length: size }, () => ({
        ...purchase,
        paid: dice.happens(0.5) ? '1.00' : '0.00',
      }));
      const request = post(`/customers/${customer.id}/purchases`, { purchases });
      return { who: customer.owner, request, mark: price, size };
    },
    learn: (
      world,
      { who },
      { items }: { items: { id: string; customerId: string; payable: string; paid: string }[] },
    ) =>
      world.purchases.push(
        ...items.map(({ id, customerId, payable, paid }) => {
          return { id, customerId, owner: who, payable: Number(payable), paid: Number(paid) };
        }),
      ),
    // Money paid with it is part of it.
    traces: `SELECT mark, count(*)::int AS count FROM (
      SELECT unit_price::text AS mark FROM sales.purchases p WHERE unit_price::text = ANY ($1::text[])
        AND paid = (SELECT coalesce(sum(amount), 0) FROM sales.payments WHERE purchase_id = p.id)) whole GROUP BY 1`,
  },
  payment: {
    weight: 6,
    plan: (world, dice, { mark }) => {
      const purchase = dice.of(world.purchases);
      if (!purchase) return undefined;
      const who = dice.of(['finance', 'admin', purchase.owner])!;
      const amount = `${dice.happens(0.1) ? '-' : ''}${1 + dice.below(50)}.${10 + dice.below(90)}`;
      const path = `/customers/${purchase.customerId}/purchases/${purchase.id}/payments`;
      return { who, request: post(path, { amount, method: 'transfer', reference: mark }) };
    },
    learn: (world, { request }, body: { id: string; purchaseId: string }) => {
      const purchase = world.purchases.find(({ id }) => id === body.purchaseId);
      const { amount } = request.body as { amount: string };
      if (!purchase || amount.startsWith('-')) return;
      const { customerId, owner } = purchase;
      world.payments.push({ id: body.id, purchaseId: body.purchaseId, customerId, owner });
    },
    traces: reference,
  },
  reversal: {
    weight: 1,
    plan: (world, dice, { mark }) => {
      const payment = dice.take(world.payments);
      if (!payment) return undefined;
      const path = `/customers/${payment.customerId}/purchases/${payment.purchaseId}/payments`;
      return { who: 'finance', request: post(path, { reversesId: payment.id, reference: mark }) };
    },
    traces: reference,
  },
  void: {
    weight: 1,
    plan: (world, dice, { mark }) => {
      const unpaid = world.purchases.filter(({ paid }) => paid === 0);
      const purchase = dice.of(unpaid);
      if (!purchase) return undefined;
      const path = `/customers/${purchase.customerId}/purchases/${purchase.id}/void`;
      return { who: purchase.owner, request: post(path, { reason: mark }) };
    },
    traces: counted('void_reason', 'sales.purchases'),
  },
  'create user': {
    weight: 0.3,
    plan: (_world, _dice, { mark }) => {
      const body = { username: mark.toLowerCase(), displayName: mark, role: 'finance' };
      return { who: 'admin', request: post('/users', body) };
    },
    traces: counted('display_name', 'auth.users'),
  },
  'edit user': {
    weight: 1,
    plan: (world, dice, { mark }) => {
      const user = dice.of(world.people)!;
      const request: Request = { method: 'PATCH', path: `/users/${user.userId}`, body: { displayName: mark } };
      return { who: 'admin', request };
    },
    traces: counted(`(payload->'data'->>'displayName')`, 'auth.outbox'),
  },
  'delete customer': {
    weight: 0.5,
    plan: (world, dice) => {
      const customer = dice.of(world.customers.filter(({ deletable }) => deletable));
      if (!customer) return undefined;
      // Once only, so that one trace is what it must leave.
      world.customers = world.customers.filter(({ id }) => id !== customer.id);
      const request: Request = { method: 'DELETE', path: `/customers/${customer.id}` };
      return { who: customer.owner, request, mark: customer.id };
    },
    learn: (world, { mark }) => world.deleted.push({ id: mark }),
    traces: told('deleted'),
  },
  'restore customer': {
    weight: 0.5,
    plan: (world, dice) => {
      const customer = dice.take(world.deleted);
      if (!customer) return undefined;
      return { who: 'admin', request: post(`/customers/${customer.id}/restore`, {}), mark: customer.id };
    },
    learn: (world, { mark }, body: { ownerId: string }) => {
      const owner = world.people.find(({ userId }) => userId === body.ownerId)?.username ?? '';
      world.customers.push({ id: mark, owner, deletable: false });
    },
    traces: told('restored'),
  },
};

import { resolveScope } from '#contracts/access';
import type { Actor } from '#contracts/context';
import { deleteCustomer, type Customer } from '#contracts/customers';
import { delegationChanged, listDelegations } from '#contracts/delegations';
import {
  createTransfer,
  customersTransferred,
  listTransfers,
  previewTransfer,
  undoTransfer,
} from '#contracts/transfers';
import { as, refusal, startCustomers, told, type Fixture } from './fixture.js';
import { delegate, HOUR, some, transfer } from './passing.js';
import { sightOf } from './sight.js';

let f: Fixture;
beforeAll(async () => (f = await startCustomers()), 60_000);
afterAll(async () => f.close());

const seenBy = (who: Actor, customer: Customer) => sightOf(f, who, customer);

describe('a transfer', () => {
  it('gives the customers to another, ends what was delegated of them, and can be undone [C36, C38, C39]', async () => {
    const [from, to] = [await f.person('salesperson', 'from'), await f.person('salesperson', 'to')];
    const [first, second, kept] = [await some(f, from), await some(f, from), await some(f, from)];
    const both = await delegate(f, from, f.bert, { customerIds: [first.id, kept.id] });
    const single = await delegate(f, from, f.cleo, { customerIds: [second.id] });
    const customerIds = [first.id, second.id];
    expect(await f.ask(previewTransfer, { customerIds, toUserId: to.userId }, as(from))).toEqual({
      customerIds: [...customerIds].sort(),
      customerCount: 2,
    });
    const made = await transfer(f, from, to, { customerIds });
    expect(made).toMatchObject({ fromUserIds: [from.userId], toUserId: to.userId, customerCount: 2 });
    expect(Date.parse(made.undoUntil) - Date.parse(made.createdAt)).toBe(7 * 24 * HOUR);

    expect([await seenBy(from, first), await seenBy(to, first), await seenBy(f.bert, first)]).toEqual([
      undefined,
      'owner',
      undefined,
    ]);
    expect(await seenBy(f.bert, kept)).toBe('delegate');
    const delegations = (await f.ask(listDelegations, {}, as(from))).items;
    expect(delegations).toMatchObject([
      { id: single.id, state: 'revoked', customerIds: [] },
      { id: both.id, state: 'active', customerIds: [kept.id] },
    ]);
    const ended = (await told<{ id: string }>(f.db, delegationChanged.subject)).slice(-2);
    expect(ended).toMatchObject([
      { version: 2, data: { id: both.id, action: 'ended-by-transfer', revokedAt: null, customerIds: [kept.id] } },
      { version: 2, data: { id: single.id, action: 'ended-by-transfer', customerIds: [] } },
    ]);
    const { scope } = await f.ask(resolveScope, {}, as(to));
    expect(scope).toMatchObject({ owners: [{ id: to.userId, accessVersion: 1 }] });

    expect((await f.ask(listTransfers, {}, as(to))).items.map(({ id }) => id)).toEqual([made.id]);
    expect(await refusal(f.ask(undoTransfer, { transferId: made.id }, as(to)))).toBe('forbidden/not-maker');
    expect(await refusal(f.ask(undoTransfer, { transferId: made.id }, as(f.cleo)))).toBe('not-found/not-found');
    const undone = await f.ask(undoTransfer, { transferId: made.id }, as(from));
    expect(undone.undoneAt).toBeDefined();
    expect([await seenBy(from, first), await seenBy(to, first)]).toEqual(['owner', undefined]);
    expect(await refusal(f.ask(undoTransfer, { transferId: made.id }, as(from)))).toBe('conflict/already-undone');

    const events = (await told<{ transferId: string }>(f.db, customersTransferred.subject)).filter(
      ({ data }) => data.transferId === made.id,
    );
    const owners = (version: number) => [from.userId, to.userId].sort().map((id) => ({ id, accessVersion: version }));
    expect(events).toMatchObject([
      { version: 1, data: { action: 'transferred', owners: owners(1) } },
      { version: 2, data: { action: 'undone', owners: owners(2) } },
    ]);
    expect(events[0]?.data).toMatchObject({
      customers: [...customerIds]
        .sort()
        .map((id) => ({ id, version: 2, fromOwnerId: from.userId, toOwnerId: to.userId })),
    });
  });

  it('is all or nothing, and only by the owner of all or the administrator [C37]', async () => {
    const [mine, others] = [await some(f, f.anna), await some(f, f.bert)];
    const ids = [mine.id, others.id];
    const gone = await f.person('salesperson', 'target-gone', false);
    const refusals = [
      transfer(f, f.anna, f.cleo, { customerIds: ids }),
      transfer(f, f.anna, f.cleo, { fromUserId: f.bert.userId }),
      transfer(f, f.admin, f.bert, { customerIds: ids }),
      transfer(f, f.anna, gone, { customerIds: [mine.id] }),
      transfer(f, f.anna, f.finance, { customerIds: [mine.id] }),
      transfer(f, f.anna, f.cleo, {}),
      transfer(f, f.anna, f.cleo, { customerIds: [mine.id], fromUserId: f.anna.userId }),
      transfer(f, await f.person('salesperson', 'has-none'), f.cleo, { fromUserId: f.anna.userId }),
    ];
    expect(await Promise.all(refusals.map(refusal))).toEqual([
      'not-found/not-found',
      'forbidden/not-owner',
      'rule-violated/already-owner',
      'rule-violated/owner-disabled',
      'rule-violated/may-not-own',
      'invalid/validation',
      'invalid/validation',
      'forbidden/not-owner',
    ]);
    expect(await seenBy(f.anna, mine)).toBe('owner');
  });

  it('moves all of a leaver, told in events of at most 500 whose versions have no gap, and logged [C31, C36]', async () => {
    const leaver = await f.person('salesperson', 'leaver');
    const [{ statusId }] = [await some(f, leaver)];
    await f.db.dataSource.query(
      `INSERT INTO customers (name, keyword, status_id, owner_id, created_on)
       SELECT 'Mass ' || n, 'Mass ' || n, $1, $2, '2020-01-01' FROM generate_series(1, 1200) AS n`,
      [statusId, leaver.userId],
    );
    const heir = await f.person('salesperson', 'heir');
    const made = await transfer(f, f.admin, heir, { fromUserId: leaver.userId });
    expect(made.customerCount).toBe(1_201);
    const events = await told<{ transferId: string; customers: unknown[]; owners: unknown[] }>(
      f.db,
      customersTransferred.subject,
    );
    const mine = events.filter(({ data }) => data.transferId === made.id);
    expect(mine.map(({ data }) => data.customers.length)).toEqual([500, 500, 201]);
    expect(mine.map(({ data }) => data.owners)).toEqual(
      [1, 2, 3].map((accessVersion) => [leaver.userId, heir.userId].sort().map((id) => ({ id, accessVersion }))),
    );
    const [{ logged }] = await f.db.dataSource.query<[{ logged: number }]>(
      `SELECT count(DISTINCT customer_id)::int AS logged FROM log_entries WHERE details ->> 'transferId' = $1`,
      [made.id],
    );
    expect(logged).toBe(1_201);
  });

  it('can’t be undone once a customer has moved on, was deleted, or seven days are over [C38]', async () => {
    const customer = await some(f, f.anna);
    const one = { customerIds: [customer.id] };
    const first = await transfer(f, f.anna, f.bert, one);
    const second = await transfer(f, f.bert, f.cleo, one);
    const undo = (transferId: string, who = f.admin) => f.ask(undoTransfer, { transferId }, as(who));
    expect(await refusal(undo(first.id, f.anna))).toBe('rule-violated/moved-again');
    await undo(second.id, f.bert);
    await undo(first.id, f.anna);
    expect(await seenBy(f.anna, customer)).toBe('owner');

    const third = await transfer(f, f.anna, f.bert, one);
    await f.ask(deleteCustomer, { customerId: customer.id }, as(f.bert));
    expect(await refusal(undo(third.id))).toBe('rule-violated/moved-again');

    const late = await transfer(f, f.anna, f.bert, { customerIds: [(await some(f, f.anna)).id] });
    await f.db.dataSource.query(`UPDATE transfers SET created_at = created_at - interval '7 days' WHERE id = $1`, [
      late.id,
    ]);
    expect(await refusal(undo(late.id))).toBe('rule-violated/undo-too-late');
  });

  it('happens once: of two at the same moment, one finds that the customers are gone', async () => {
    for (let round = 0; round < 5; round++) {
      const customerIds = (await Promise.all([some(f, f.anna), some(f, f.anna), some(f, f.anna)])).map(({ id }) => id);
      const [a, b] = await Promise.all([
        refusal(transfer(f, f.anna, f.bert, { customerIds })),
        refusal(transfer(f, f.anna, f.cleo, { customerIds: [...customerIds].reverse() })),
      ]);
      expect([a, b].filter((outcome) => outcome.startsWith('no error'))).toHaveLength(1);
      expect([a, b]).toContain('not-found/not-found');
    }
  });

  it('is done once for an idempotency key', async () => {
    const input = { customerIds: [(await some(f, f.anna)).id], toUserId: f.bert.userId, reason: 'r' };
    const call = as(f.anna, { idempotencyKey: 'transfer-1' });
    const [one, again] = [await f.ask(createTransfer, input, call), await f.ask(createTransfer, input, call)];
    expect(again).toEqual(one);
  });

  it('and a delegation of the same customer at the same moment leave no delegation behind', async () => {
    for (let round = 0; round < 5; round++) {
      const customer = await some(f, f.anna);
      await Promise.all([
        transfer(f, f.anna, f.bert, { customerIds: [customer.id] }),
        refusal(delegate(f, f.anna, f.cleo, { customerIds: [customer.id] })),
      ]);
      expect(await seenBy(f.cleo, customer)).toBeUndefined();
      const running = await f.ask(listDelegations, { direction: 'received' }, as(f.cleo));
      expect(running.items.filter((one) => one.state === 'active' && one.customerIds.includes(customer.id))).toEqual(
        [],
      );
    }
  });
});

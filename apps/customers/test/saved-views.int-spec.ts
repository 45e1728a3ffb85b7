import type { Actor } from '#contracts/context';
import { listCustomers, type CustomerQuery } from '#contracts/customers';
import { createSavedView, deleteSavedView, listSavedViews, updateSavedView } from '#contracts/saved-views';
import type { z } from 'zod';
import { as, refusal, startCustomers, type Fixture } from './fixture.js';

let f: Fixture;
beforeAll(async () => (f = await startCustomers()), 60_000);
afterAll(async () => f.close());

const save = (who: Actor, name: string, query: object = {}, shared = false) =>
  f.ask(createSavedView, { name, query, shared }, as(who));
const listed = async (who: Actor) => (await f.ask(listSavedViews, {}, as(who))).items;

describe('saved views', () => {
  it('are listed in their owner’s order, and those that others share behind them [C28]', async () => {
    const [first, second] = [await save(f.anna, 'First'), await save(f.anna, 'Second', { tag: 'vip' }, true)];
    await save(f.bert, 'Private');
    const shared = await save(f.bert, 'Of Bert', { q: '中' }, true);
    expect((await listed(f.anna)).map(({ name }) => name)).toEqual(['First', 'Second', 'Of Bert']);
    expect((await listed(f.cleo)).map(({ name, ownerName }) => [name, ownerName])).toEqual([
      ['Second', 'ANNA'],
      ['Of Bert', 'BERT'],
    ]);

    const update = (who: Actor, viewId: string, patch: object, ifMatch: number | '*' = '*') =>
      f.ask(updateSavedView, { viewId, patch }, as(who, { ifMatch }));
    expect(await update(f.anna, second.id, { position: 0, name: 'Renamed' })).toMatchObject({ position: 0 });
    expect((await listed(f.anna)).map(({ name, position }) => [name, position]).slice(0, 2)).toEqual([
      ['Renamed', 0],
      ['First', 1],
    ]);
    expect(await refusal(update(f.anna, second.id, { name: 'Stale' }, 1))).toBe('precondition-failed/stale-version');
    expect(await refusal(update(f.anna, shared.id, { name: 'Mine' }))).toBe('forbidden/not-owner');
    expect(await refusal(update(f.admin, first.id, { name: 'Mine' }))).toBe('not-found/not-found');
    const remove = (who: Actor, viewId: string) => f.ask(deleteSavedView, { viewId }, as(who));
    expect(await refusal(remove(f.cleo, second.id))).toBe('forbidden/not-owner');
    await remove(f.anna, second.id);
    expect((await listed(f.anna)).map(({ name, position }) => [name, position])).toEqual([
      ['First', 0],
      ['Of Bert', 1],
    ]);
    await update(f.bert, shared.id, { shared: false });
    expect((await listed(f.anna)).map(({ name }) => name)).toEqual(['First']);
  });

  it('take what the list takes, and nothing else [C28, A3]', async () => {
    for (const query of [{ unknown: 1 }, { statusId: 'none' }, { sort: 'color' }, { cursor: 'x' }, { custom: 'x' }]) {
      expect(await refusal(save(f.anna, 'Wrong', query))).toBe('invalid/validation');
    }
    expect(await refusal(save(f.anna, ''))).toBe('invalid/validation');
  });

  it('show to whoever uses them what he may see [C28]', async () => {
    await f.customer(f.anna, 'Viewed 1', 'Viewed 1', { tags: ['viewed', 'east'] });
    await f.customer(f.bert, 'Viewed 2', 'Viewed 2', { tags: ['viewed'] });
    const { id } = await save(f.anna, 'Viewed', { tag: ['viewed', 'east'], sort: 'name' }, true);
    const used = async (who: Actor) => {
      const { query } = (await listed(who)).find((view) => view.id === id)!;
      return (await f.ask(listCustomers, query as z.input<typeof CustomerQuery>, as(who))).items.map(
        ({ name }) => name,
      );
    };
    expect(await used(f.anna)).toEqual(['Viewed 1']);
    expect(await used(f.bert)).toEqual([]);
    expect(await used(f.admin)).toEqual(['Viewed 1']);
  });

  it('are as many as one finds his way in [C28]', async () => {
    const who = await f.person('salesperson', 'collector');
    await f.db.dataSource.query(
      `INSERT INTO saved_views (owner_id, name, query, shared, position)
       SELECT $1, 'View ' || n, '{"sort": "name"}', false, n FROM generate_series(0, 99) AS n`,
      [who.userId],
    );
    expect(await refusal(save(who, 'One more'))).toBe('rule-violated/too-many-views');
  });

  it('are saved once for an Idempotency-Key [A6]', async () => {
    const input = { name: 'Once', query: {} };
    const call = as(f.cleo, { idempotencyKey: 'view-1' });
    const [one, other] = [await f.ask(createSavedView, input, call), await f.ask(createSavedView, input, call)];
    expect(one.id).toBe(other.id);
  });
});

import type { Actor } from '#contracts/context';
import { AppError } from '#contracts/errors';
import { actor, events, newId, type Books } from './books.js';
import { callOf, DAILY, openPostOffice, type PostOffice } from './post-office.js';

const { user } = events;

let office: PostOffice;
let books: Books;
beforeEach(async () => {
  office = await openPostOffice();
  books = office.books;
});
afterEach(() => office.close());

describe('subscriptions', () => {
  test('are made for oneself, as one may; the administrator makes them for others', async () => {
    const { subscriptions } = office.replica();
    const [finance, sales, admin] = [actor('finance'), actor('salesperson'), actor('administrator')];
    await books.tell(user(finance.userId, { role: 'finance' }), user(sales.userId, { role: 'salesperson' }));
    const create = (who: Actor, input: object) => subscriptions.create(callOf(who), { ...DAILY, ...input });

    expect(await create(finance, {})).toMatchObject({ userId: finance.userId, zone: 'Asia/Shanghai', time: '08:30' });
    expect(await create(admin, { userId: sales.userId, kind: 'salesperson' })).toMatchObject({ userId: sales.userId });
    for (const refused of [
      create(sales, {}),
      create(finance, { kind: 'salesperson' }),
      create(sales, { kind: 'salesperson', userId: finance.userId }),
      create(admin, { userId: sales.userId }),
    ]) {
      await expect(refused).rejects.toMatchObject({ kind: 'forbidden' });
    }
    await expect(create(admin, { userId: newId() })).rejects.toMatchObject({ kind: 'invalid' });
    await expect(create(finance, { zone: 'Asia/Atlantis' })).rejects.toMatchObject({ kind: 'invalid' });

    const listed = async (who: Actor) => (await subscriptions.list(who, { limit: 50 })).items;
    expect(await listed(sales)).toHaveLength(1);
    expect(await listed(admin)).toHaveLength(2);
    const [own] = await listed(sales);
    await expect(subscriptions.delete(finance, own!.id)).rejects.toThrow(AppError);
    await subscriptions.delete(sales, own!.id);
    expect(await listed(sales)).toEqual([]);
  });

  test('one key makes one', async () => {
    const { subscriptions } = office.replica();
    const finance = actor('finance');
    const weekly = { ...DAILY, frequency: 'weekly' as const, weekday: 1 };
    const first = await subscriptions.create(callOf(finance, 'k1'), weekly);
    expect(await subscriptions.create(callOf(finance, 'k1'), weekly)).toEqual(first);
    await expect(subscriptions.create(callOf(finance, 'k1'), DAILY)).rejects.toMatchObject({ kind: 'rule-violated' });
    expect((await subscriptions.list(finance, { limit: 50 })).items).toEqual([first]);
  });
});

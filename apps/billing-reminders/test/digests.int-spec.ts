import type { Actor, Scope } from '#contracts/context';
import { actor, ALL, events, newId, ofOwners, type Books } from './books.js';
import { openPostOffice, textOf, type PostOffice } from './post-office.js';

const { user, customer, purchase, payment } = events;

let office: PostOffice;
let books: Books;
beforeEach(async () => {
  office = await openPostOffice();
  books = office.books;
});
afterEach(() => office.close());

describe('a digest', () => {
  test('is made and mailed once, into a folder without SMTP, with two workers, two schedules and each job twice [B17, B19]', async () => {
    const [one, two] = [office.replica(), office.replica()];
    const who = await office.subscriber(ALL);
    const { customerId } = await office.debt(newId(), '100.00');

    await Promise.all([one.service.tick(), two.service.tick()]);
    const jobs = [...one.jobs, ...two.jobs];
    expect(jobs).toEqual([
      { subscriptionId: expect.any(String) as string, periodStart: '2026-02-28', periodEnd: '2026-03-01' },
    ]);
    await Promise.all([one, two, one, two].map(({ sender }) => sender.send(jobs[0]!)));
    await one.run();

    const [digest, ...more] = await office.listOf(who);
    expect(more).toEqual([]);
    expect(digest).toMatchObject({ kind: 'finance', recipientId: who.userId, state: 'sent', periodEnd: '2026-03-01' });
    expect(office.mails()).toHaveLength(1);
    const [mail] = office.mails();
    expect(mail).toContain(`Message-ID: <digest-${digest!.id}@localhost>`);
    expect(mail).toContain('li@example.com');
    expect(mail).toMatch(/filename=arrears-2026-03-01\.csv/);
    expect(mail).toMatch(/text\/plain[^]*text\/html/);
    expect(await one.service.get(who, { digestId: digest!.id, scope: ALL })).toMatchObject({
      summary: { asOf: '2026-03-01', total: '100.00', purchases: 1 },
      changes: { new: { count: 0, amount: '0.00' } },
      topDebtors: [{ customerId, balance: '100.00', purchases: 1 }],
    });
  });

  test('tells what is new, cured and worse since the one before, by what was known then [B15]', async () => {
    const letters = office.replica();
    const who = await office.subscriber(ALL);
    const owner = newId();
    await office.debt(owner, '10.00');
    const [paid, grown] = [await office.debt(owner, '20.00'), await office.debt(owner, '40.00')];
    await letters.run();

    // Booked later, though dated before the first digest: new to the reader all the same.
    await office.debt(owner, '7.00', { soldOn: '2026-02-01' });
    await books.tell(payment(paid.id, '20.00', '2026-02-20'));
    await books.tell(purchase({ ...grown, payable: '45.50', soldOn: '2026-01-15', version: 2 }));
    books.clock.set('2026-03-02');
    await letters.run();

    const [second] = await office.listOf(who);
    const { changes, summary } = await letters.service.get(who, { digestId: second!.id, scope: ALL });
    expect(summary.total).toBe('62.50');
    expect(changes).toEqual({
      new: { count: 1, amount: '7.00' },
      cured: { count: 1, amount: '20.00' },
      worse: { count: 1, amount: '5.50' },
    });
  });

  test('of a salesperson is of his customers, and those handed on count as neither paid nor shown [B16]', async () => {
    const letters = office.replica();
    const who = await office.subscriber('own', { role: 'salesperson' });
    const other = newId();
    const [kept, handed] = [await office.debt(who.userId, '10.00'), await office.debt(who.userId, '20.00')];
    await office.debt(other, '99.00');
    await letters.run();
    const [first] = await office.listOf(who);
    const read = (digestId: string) => letters.service.get(who, { digestId, scope: ofOwners(who.userId) });
    expect(await read(first!.id)).toMatchObject({ summary: { total: '30.00' } });
    expect((await read(first!.id)).topDebtors).toHaveLength(2);

    await books.tell(customer(handed.customerId, other, {}, 2));
    expect((await read(first!.id)).topDebtors.map(({ customerId }) => customerId)).toEqual([kept.customerId]);
    books.clock.set('2026-03-02');
    await letters.run();
    const [second] = await office.listOf(who);
    expect(await read(second!.id)).toMatchObject({
      summary: { total: '10.00' },
      changes: { cured: { count: 0, amount: '0.00' } },
    });
  });

  test('of a delegate is of what is delegated to him, too, while it lasts [C47]', async () => {
    const letters = office.replica();
    const who = await office.subscriber('own', { role: 'salesperson' });
    const owner = newId();
    const [own, delegated] = [await office.debt(who.userId, '10.00'), await office.debt(owner, '20.00')];
    await office.debt(owner, '99.00');
    const owners = [{ id: who.userId, accessVersion: 0 }];
    const covering = { all: false as const, owners, customerIds: [delegated.customerId] };
    office.scopes.set(who.userId, covering);
    await letters.run();
    const debtors = async (scope: Scope) => {
      const [digest] = await office.listOf(who);
      const { summary, topDebtors } = await letters.service.get(who, { digestId: digest!.id, scope });
      return { total: summary.total, of: topDebtors.map(({ customerId }) => customerId) };
    };
    expect(await debtors(covering)).toEqual({ total: '30.00', of: [delegated.customerId, own.customerId] });
    expect(office.mails()[0]).toContain('20.00');

    // Taken back: neither in what he still reads of the first, nor in the next.
    office.scopes.set(who.userId, ofOwners(who.userId));
    expect((await debtors(ofOwners(who.userId))).of).toEqual([own.customerId]);
    books.clock.set('2026-03-02');
    await letters.run();
    expect(await debtors(ofOwners(who.userId))).toEqual({ total: '10.00', of: [own.customerId] });
  });

  test('of a salesperson names whom to speak to again, of those that the reader sees at the moment [B15] [B16]', async () => {
    const letters = office.replica();
    const who = await office.subscriber('own', { role: 'salesperson' });
    const [kept, handed] = [await office.debt(who.userId, '10.00'), await office.debt(who.userId, '20.00')];
    const due = (customerId: string, customerName: string) => {
      return { customerId, customerName, ownerId: who.userId, nextOn: '2026-02-26', overdueDays: 3 };
    };
    const items = [due(kept.customerId, '老地方茶馆'), due(handed.customerId, '新茶馆')];
    office.followUps.set(who.userId, { count: 12, items });
    await letters.run();

    const [digest] = await office.listOf(who);
    const read = () => letters.service.get(who, { digestId: digest!.id, scope: ofOwners(who.userId) });
    expect((await read()).followUps).toEqual({ count: 12, items });
    const text = textOf(office.mails()[0]!);
    expect(text).toContain('老地方茶馆: 2026-02-26 (已过 3 天)');
    expect(text).toContain(`http://localhost:3000/customers/${kept.customerId}`);

    await books.tell(customer(handed.customerId, newId(), {}, 2));
    expect((await read()).followUps).toEqual({ count: 12, items: [items[0]] });
  });

  test('of a manager is of his teams, by salesperson, as far as he sees them when he reads it [B16] [B18]', async () => {
    const who = await office.subscriber('own', { role: 'manager' });
    const [mine, theirs] = [newId(), newId()];
    const scope = ofOwners(who.userId, mine, theirs);
    office.scopes.set(who.userId, scope);
    await office.debt(mine, '10.00');
    await office.debt(theirs, '20.00');
    await office.debt(newId(), '40.00');
    const letters = office.replica();
    await letters.run();

    const [digest] = await office.listOf(who);
    const read = (reader: Actor, now: Scope) => letters.service.get(reader, { digestId: digest!.id, scope: now });
    const owners = async (now: Scope) => (await read(who, now)).summary.owners?.map(({ ownerId }) => ownerId);
    expect(digest).toMatchObject({ kind: 'manager', state: 'sent' });
    expect(await read(who, scope)).toMatchObject({ summary: { total: '30.00' }, followUps: null });
    expect((await owners(scope))?.toSorted()).toEqual([mine, theirs].toSorted());
    expect(office.mails()[0]).toContain(`ownerId=3D${mine}`);

    expect(await owners(ofOwners(who.userId, mine))).toEqual([mine]);
    const demoted: Actor = { ...who, role: 'salesperson' };
    await expect(read(demoted, ofOwners(who.userId))).rejects.toThrow('not-found');
  });

  test('that is not of its recipient’s role any more is not sent [B18]', async () => {
    const who = await office.subscriber('own', { role: 'manager' });
    await books.tell(user(who.userId, { role: 'salesperson' }, 2));
    await office.replica().run();
    expect(await office.listOf(who)).toEqual([expect.objectContaining({ state: 'failed' })]);
    expect(office.mails()).toEqual([]);
  });

  test('is sent without follow-ups when they are not to be had, and says so; finance has none [B15]', async () => {
    const letters = office.replica();
    const [salesperson, finance] = [
      await office.subscriber('own', { role: 'salesperson' }),
      await office.subscriber(ALL),
    ];
    await letters.run();
    const read = async (who: Actor, scope: Scope) => {
      const [digest] = await office.listOf(who);
      expect(digest).toMatchObject({ state: 'sent' });
      return letters.service.get(who, { digestId: digest!.id, scope });
    };
    expect(await read(salesperson, ofOwners(salesperson.userId))).toMatchObject({ followUps: null });
    expect((await read(finance, ALL)).followUps).toBeUndefined();
    const mails = office.mails().map(textOf);
    expect(mails.filter((text) => text.includes('此刻无法取得'))).toHaveLength(1);
    expect(await letters.service.preview(salesperson, { kind: 'salesperson', scope: ALL })).toMatchObject({
      followUps: null,
    });
  });

  test('is in its recipient’s language, and from whom the organisation says [B14] [P19]', async () => {
    office.settings.mail = { from: 'crm@hongfuxing.example', replyTo: 'office@hongfuxing.example' };
    await office.subscriber(ALL, { language: 'en', email: 'en@example.com' });
    await office.subscriber(ALL, { language: 'zh-Hant', email: 'hant@example.com' });
    await office.subscriber(ALL, { email: 'usual@example.com' });
    await office.replica().run();
    const mails = office.mails();
    const bodyOf = (address: string) => textOf(mails.find((mail) => mail.includes(address))!);
    expect(bodyOf('en@example.com')).toContain('Total in arrears');
    expect(bodyOf('hant@example.com')).toContain('欠費合計');
    expect(bodyOf('usual@example.com')).toContain('欠费合计');
    for (const mail of mails) {
      expect(mail).toMatch(/^From: .*<crm@hongfuxing\.example>\r$/m);
      expect(mail).toMatch(/^Reply-To: office@hongfuxing\.example\r$/m);
    }
  });

  test('that was missed for days is made up for by the latest alone', async () => {
    const letters = office.replica();
    const who = await office.subscriber(ALL);
    books.clock.set('2026-03-21');
    await letters.run();
    expect((await office.listOf(who)).map(({ periodEnd }) => periodEnd)).toEqual(['2026-03-21']);
  });

  test('waits for the next working day, and tells then what has changed since the last one [B20]', async () => {
    Object.assign(office.settings.calendar, { workingDays: [1, 2, 3, 4, 5] });
    const who = await office.subscriber(ALL);
    books.clock.set('2026-02-27');
    await office.replica().run();
    await office.debt(newId(), '7.00');
    // Saturday, Sunday.
    for (const off of ['2026-02-28', '2026-03-01']) {
      books.clock.set(off);
      await office.replica().run();
    }
    expect(office.mails()).toHaveLength(1);
    books.clock.set('2026-03-02');
    await office.replica().run();
    const [latest, ...before] = await office.listOf(who);
    expect([latest!.periodEnd, ...before.map(({ periodEnd }) => periodEnd)]).toEqual(['2026-03-02', '2026-02-27']);
    expect(await office.replica().service.get(who, { digestId: latest!.id, scope: ALL })).toMatchObject({
      changes: { new: { count: 1, amount: '7.00' } },
    });
  });

  test('is not due for a time before it was subscribed to', async () => {
    const letters = office.replica();
    const who = await office.subscriber(ALL);
    await books.dataSource.query(`UPDATE digest_subscriptions SET created_at = '2026-03-01T03:00:00Z'`);
    await letters.run();
    expect(await office.listOf(who)).toEqual([]);
  });

  test('is not sent to somebody who may not have it any more', async () => {
    const letters = office.replica();
    const demoted = await office.subscriber(ALL);
    office.scopes.set(demoted.userId, ofOwners(demoted.userId));
    await letters.run();
    expect(await office.listOf(demoted)).toEqual([expect.objectContaining({ state: 'failed', sentAt: null })]);

    const gone = await office.subscriber(ALL);
    await letters.service.tick();
    await books.tell(user(gone.userId, { active: false, role: 'finance' }, 2));
    for (const job of letters.jobs.splice(0)) await letters.sender.send(job);
    expect(await office.listOf(gone)).toEqual([expect.objectContaining({ state: 'failed' })]);
    expect(office.mails()).toEqual([]);
  });
});

describe('reading', () => {
  test('is for the recipient and the administrator [B18]', async () => {
    const letters = office.replica();
    const who = await office.subscriber(ALL);
    await letters.service.tick();
    const [pending] = await office.listOf(who);
    const digestId = pending!.id;
    await expect(letters.service.get(who, { digestId, scope: ALL })).rejects.toMatchObject({ kind: 'conflict' });
    for (const job of letters.jobs.splice(0)) await letters.sender.send(job);

    const [stranger, admin] = [actor('finance'), actor('administrator')];
    expect(await office.listOf(stranger)).toEqual([]);
    expect(await office.listOf(admin)).toHaveLength(1);
    await expect(letters.service.get(stranger, { digestId, scope: ALL })).rejects.toMatchObject({ kind: 'not-found' });
    expect(await letters.service.get(admin, { digestId, scope: ALL })).toMatchObject({ id: digestId });
    // Finance no longer: what was for finance's eyes is gone.
    await expect(letters.service.get(who, { digestId, scope: ofOwners(who.userId) })).rejects.toMatchObject({
      kind: 'not-found',
    });
  });

  test('a preview says what the digest would, and keeps nothing', async () => {
    const letters = office.replica();
    const [finance, sales] = [actor('finance'), actor('salesperson')];
    await office.debt(sales.userId, '30.00', { annualFee: '5.00', serviceEndsOn: '2026-04-20', remind: true });
    expect(await letters.service.preview(finance, { kind: 'finance', scope: ALL })).toMatchObject({
      summary: { total: '30.00', owners: [{ ownerId: sales.userId }] },
      serviceFees: { d30: { count: 0 }, d60: { count: 1, amount: '5.00' }, d90: { count: 1 } },
    });
    const scope = ofOwners(sales.userId);
    expect(await letters.service.preview(sales, { kind: 'salesperson', scope })).toMatchObject({
      summary: { total: '30.00' },
    });
    await expect(letters.service.preview(sales, { kind: 'finance', scope })).rejects.toMatchObject({
      kind: 'forbidden',
    });
    expect(await office.listOf(actor('administrator'))).toEqual([]);
  });
});

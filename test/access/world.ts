import pg from 'pg';
import { eventually } from '#testing/eventually';
import { startTestSystem, type TestSystem } from '#testing/system';
import { wallClock } from '#messaging/clock';
import { newcomer, signIn, type Client, type Made, Client as Session } from './client.js';
import type { RELATIONS } from './expectations.js';

export type Person = (typeof RELATIONS)[number];
/** What a request is about: its path's parameters by name, and always a customer. */
export type Subject = { customerId: string } & Record<string, string>;

/** Those who may see nothing of the owner's customers. */
export const BLIND: readonly Person[] = [
  'anonymous',
  'former',
  'stranger',
  'scheduled',
  'expired',
  'revoked',
  'foreign',
];
/** Those who have customers of their own. */
export const SALESPEOPLE: readonly Person[] = [
  'owner',
  'former',
  'stranger',
  'scheduled',
  'expired',
  'revoked',
  'active',
  'covering',
  'managing',
  'above',
  'foreign',
];
const MANAGERS = ['managing', 'above', 'foreign'] as const;
/** Who else is in the teams of the managers who see the owner's customers. */
const TEAM: readonly Person[] = ['owner', 'covering'];
/** Each salesperson's own, so that everyone has a list of more than one. */
const OWN = 2;
export const OWN_AMOUNT = 100;
export const CANARY_AMOUNT = 75_319.24;

/**
 * The cast of the matrix. The owner's customers came to him from `former`; each of them is delegated to each of the
 * delegates, and those whose delegation isn't running have one of all that he owns besides, which isn't running either.
 */
export class World {
  readonly people = {} as Record<Person, Client>;
  /** Everything that is his, by its owner's part. */
  readonly owned = new Map<Person, string[]>();
  /** The owner's customers, all alike; the first one is only ever read. */
  readonly subjects: Subject[] = [];
  productId = '';
  statusId = '';
  categoryId = '';
  /** Of the owner, his manager and a colleague. */
  teamId = '';
  readonly database: pg.Client;
  private taken = 1;
  private readonly spares: Record<string, Promise<Client>> = {};

  private constructor(readonly test: TestSystem) {
    this.database = new pg.Client({ connectionString: test.system.adminUrl });
  }

  static async create(customers: number): Promise<World> {
    const world = new World(await startTestSystem());
    try {
      await world.database.connect();
      await world.hire();
      await world.sell(customers);
      await world.delegate();
      await world.remind();
      return world;
    } catch (error) {
      await world.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.database.end();
    await this.test.close();
  }

  /** One that everybody may read and nobody has changed. */
  get shown(): Subject {
    return this.subjects[0] as Subject;
  }

  /** One that nobody has touched, to do with as one likes. */
  take(): Subject {
    const subject = this.subjects[this.taken++];
    if (!subject) throw new Error('The world has too few customers for the matrix: let it begin with more');
    return { ...subject };
  }

  /** A session of its own, of a user whom nobody else acts as. */
  async spare(role: string): Promise<Client> {
    const made = (this.spares[role] ??= newcomer(this.people.administrator, role));
    const { url, credentials } = await made;
    return signIn(url, credentials.username, credentials.password);
  }

  /** Whose customers somebody sees, the owner's included if he does. */
  sees(person: Person): string[] {
    if (person === 'finance' || person === 'administrator') return this.ownedBy(SALESPEOPLE);
    const own = this.owned.get(person) ?? [];
    if (person === 'managing') return [...own, ...this.ownedBy(TEAM)];
    if (person === 'above') return [...own, ...this.ownedBy([...TEAM, 'managing'])];
    if (person === 'covering') return [...own, ...(this.owned.get('owner') ?? [])];
    return person === 'active' ? [...own, ...this.subjects.map(({ customerId }) => customerId)] : own;
  }

  private ownedBy(people: readonly Person[]): string[] {
    return people.flatMap((person) => this.owned.get(person) ?? []);
  }

  private async hire(): Promise<void> {
    const { people, test } = this;
    const { url, accounts } = test.system;
    const demo = async (username: string) => {
      const account = accounts.find((one) => one.username === username);
      return signIn(url, username, account?.password ?? '');
    };
    people.anonymous = new Session(url);
    people.administrator = await demo('admin');
    people.finance = await demo('finance');
    const named: Person[] = ['owner', 'former', 'stranger', 'active', 'covering'];
    for (const [n, person] of named.entries()) people[person] = await demo(`sales0${n + 1}`);
    for (const person of ['scheduled', 'expired', 'revoked'] as const) {
      people[person] = await newcomer(people.administrator, 'salesperson');
    }
    for (const person of MANAGERS) people[person] = await newcomer(people.administrator, 'manager');
    await this.team();
    // Whoever is new has to be known to the customers service before he can be lent anything.
    const probe = { reason: '试', scope: 'all', endsAt: new Date(wallClock() + 600_000).toISOString() };
    await eventually(async () => {
      const delegate = { ...probe, delegateId: people.revoked.userId };
      const { id } = await people.stranger.post('/delegations', delegate);
      await people.stranger.post(`/delegations/${id}/revoke`);
    });
  }

  /** A team with one above it, and a foreign one. */
  private async team(): Promise<void> {
    const { administrator } = this.people;
    const above = await administrator.post('/teams', { name: '上级' });
    const foreign = await administrator.post('/teams', { name: '别处' });
    this.teamId = (await administrator.post('/teams', { name: '团队', parentId: above.id })).id;
    for (const person of [...TEAM, 'managing'] as const) await this.move(person, this.teamId);
    await this.move('above', above.id);
    await this.move('foreign', foreign.id);
  }

  /** To another team, or out of it. */
  async move(person: Person, teamId: string | null): Promise<void> {
    const { administrator } = this.people;
    await administrator.must('PATCH', `/users/${this.people[person].userId}`, { teamId });
  }

  /** The canaries: made by `former`, and moved to the owner. Then a few ordinary customers for everyone. */
  private async sell(customers: number): Promise<void> {
    const { people } = this;
    const product = { code: 'SW', name: '财务软件', unit: '套', guidePrice: '980.00', kind: 'goods' };
    this.categoryId = (await people.administrator.post('/product-categories', { name: '软件' })).id;
    this.productId = (await people.administrator.post('/products', { ...product, categoryId: this.categoryId })).id;
    await people.administrator.post('/products', { ...product, code: 'HW', name: '硬件' });
    const { items } = await people.administrator.get<{ items: [Made] }>('/customer-statuses');
    this.statusId = items[0].id;
    await inTurns(customers, async (n) => {
      const customerId = await this.customer('former', `金丝雀${n}号`, {
        code: `CANARY-${n}`,
        phone: '0755-75319246',
        email: 'canary@example.com',
        note: '金丝雀',
        tags: ['金丝雀'],
      });
      const purchaseId = await this.purchase('former', customerId, CANARY_AMOUNT);
      const lines = [{ productId: this.productId, quantity: '1', unitPrice: CANARY_AMOUNT.toFixed(2) }];
      const { id: quoteId } = await people.former.post(`/customers/${customerId}/quotes`, { lines });
      const contact = { name: '金丝雀', phone: '75319246' };
      const { id: contactId } = await people.former.post(`/customers/${customerId}/contacts`, contact);
      this.subjects[n] = { customerId, purchaseId, quoteId, contactId };
    });
    const { customerId, purchaseId } = this.shown;
    const payments = `/customers/${customerId}/purchases/${purchaseId}/payments`;
    for (const amount of ['3.00', '-3.00']) await people.former.post(payments, { amount, reference: '金丝雀' });
    await this.purchase('former', customerId, CANARY_AMOUNT);
    await this.addSeconds(customerId);
    // What the former owner lent ends with the transfer: it leaves the one to whom he did a stranger.
    const customerIds = this.subjects.map((subject) => subject.customerId);
    await people.former.post('/delegations', { customerIds, delegateId: people.stranger.userId, reason: '年假' });
    const move = { toUserId: people.owner.userId, reason: '调岗' };
    await people.former.post('/transfers', { ...move, customerIds: [customerId] });
    await people.former.post('/transfers', { ...move, fromUserId: people.former.userId });
    this.owned.set('owner', customerIds);
    await inTurns(SALESPEOPLE.length * OWN, async (n) => {
      const person = SALESPEOPLE[n % SALESPEOPLE.length] as Person;
      const id = await this.customer(person, `寻常${n}号`);
      await this.purchase(person, id, OWN_AMOUNT);
      this.owned.set(person, [...(this.owned.get(person) ?? []), id]);
    });
  }

  /** A second one of each, so that there is a second page. */
  private async addSeconds(customerId: string): Promise<void> {
    const { former } = this.people;
    await former.post(`/customers/${customerId}/quotes`, { lines: [{ productId: this.productId, quantity: '1' }] });
    await former.post(`/customers/${customerId}/contacts`, { name: '金丝雀' });
    const followUp = { kind: 'call', occurredAt: '2025-06-01T00:00:00Z', nextOn: '2025-06-30' };
    for (const id of this.subjects.slice(0, 2).map((subject) => subject.customerId)) {
      for (const n of [1, 2]) await former.post(`/customers/${id}/follow-ups`, { ...followUp, content: `金丝雀${n}` });
    }
  }

  private async delegate(): Promise<void> {
    const { people } = this;
    const at = (seconds: number) => new Date(wallClock() + seconds * 1_000).toISOString();
    const named = { customerIds: this.subjects.map(({ customerId }) => customerId) };
    const all = { scope: 'all' };
    const give = (to: Person, what: object) =>
      people.owner.post('/delegations', { delegateId: people[to].userId, reason: '年假', ...what });
    await give('active', named);
    await give('covering', all);
    for (const what of [named, all]) {
      await give('scheduled', { ...what, startsAt: at(3_600) });
      await give('expired', { ...what, endsAt: at(2) });
      const { id } = await give('revoked', what);
      await people.owner.post(`/delegations/${id}/revoke`);
    }
    await eventually(async () => {
      const given = await people.owner.all<{ delegateId: string; state: string }>('/delegations?direction=given');
      for (const state of ['scheduled', 'expired', 'revoked'] as const) {
        const states = given.filter(({ delegateId }) => delegateId === people[state].userId).map((one) => one.state);
        expect(states).toEqual([state, state]);
      }
    });
  }

  /** Reminders, subscriptions and digests, as soon as all that was sold is known to who makes them. */
  private async remind(): Promise<void> {
    const { administrator, owner, former } = this.people;
    const sold = this.subjects.length + 1 + SALESPEOPLE.length * OWN;
    await eventually(async () =>
      expect(await administrator.get('/arrears/summary')).toMatchObject({ purchases: sold }),
    );
    const swept = async () =>
      expect(await administrator.post('/reminder-sweeps')).toMatchObject({ state: 'completed' });
    await eventually(swept, 60_000);
    const reminders = await administrator.all<Made & { customerId: string; purchaseId: string }>('/reminders');
    for (const subject of this.subjects) {
      const reminder = reminders.find(({ purchaseId }) => purchaseId === subject['purchaseId']);
      subject['reminderId'] = (reminder as Made).id;
    }
    const asked = { customerIds: [this.shown.customerId] };
    await owner.post('/dunning-notices', asked);
    const { items } = await owner.post<{ items: [Made] }>('/dunning-notices', asked);
    this.shown['noticeId'] = items[0].id;
    for (const time of ['03:00', '03:30']) {
      await owner.post('/digest-subscriptions', { kind: 'salesperson', frequency: 'daily', time });
    }
    const content = await owner.post<object>('/digests/preview', { kind: 'salesperson' });
    for (const day of [1, 2]) {
      await this.digest(owner, content, `2025-03-0${day}`);
      // He read it while those customers were his.
      await this.digest(former, content, `2025-03-0${day}`);
    }
  }

  async customer(of: Person, name: string, more: object = {}): Promise<string> {
    const customer = { name: `${name}有限公司`, keyword: name, acknowledgeDuplicates: true, ...more };
    return (await this.people[of].post('/customers', customer)).id;
  }

  async purchase(by: Person, customerId: string, amount: number): Promise<string> {
    const purchase = {
      productId: this.productId,
      quantity: '1',
      unitPrice: amount.toFixed(2),
      soldOn: '2025-01-01',
      dueOn: '2025-01-31',
      annualFee: amount.toFixed(2),
      serviceEndsOn: '2025-06-30',
      remind: true,
    };
    const made = await this.people[by].post<{ items: [Made] }>(`/customers/${customerId}/purchases`, {
      purchases: [purchase],
    });
    return made.items[0].id;
  }

  /** One that was sent: nobody can be made to wait for the hour at which it would be. */
  async digest(to: Client, content: object, periodEnd: string): Promise<string> {
    const { rows } = await this.database.query<Made>(
      `INSERT INTO billing.digests (subscription_id, recipient_id, kind, period_start, period_end, state, content, sent_at)
       VALUES (gen_random_uuid(), $1, 'salesperson', $2::date - 1, $2, 'sent', $3, now()) RETURNING id`,
      [to.userId, periodEnd, JSON.stringify(content)],
    );
    return (rows[0] as Made).id;
  }
}

/** A few at a time. */
async function inTurns(times: number, act: (n: number) => Promise<void>): Promise<void> {
  let next = 0;
  const work = async () => {
    while (next < times) await act(next++);
  };
  await Promise.all(Array.from({ length: 6 }, work));
}

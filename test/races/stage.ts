import pg from 'pg';
import { eventually } from '#testing/eventually';
import { startTestSystem, type TestSystem } from '#testing/system';
import { signIn, type Client, type Made } from '../access/client.js';
import type { Read, View } from './race.js';

export const AMOUNT = '100.00';

/** Two of every service, and a salesperson for each part; a customer in arrears is all that each owner has. */
export class Stage {
  readonly database: pg.Client;
  admin!: Client;
  finance!: Client;
  owner!: Client;
  delegate!: Client;
  giver!: Client;
  receiver!: Client;
  leaver!: Client;
  private productId = '';

  private constructor(private readonly test: TestSystem) {
    this.database = new pg.Client({ connectionString: test.system.adminUrl });
  }

  static async open(): Promise<Stage> {
    const replicas = { gateway: 2, auth: 2, customers: 2, sales: 2, billing: 2 };
    const stage = new Stage(await startTestSystem({ replicas }));
    try {
      await stage.database.connect();
      await stage.signAllIn();
      const product = { code: 'SW', name: '财务软件', unit: '套', guidePrice: AMOUNT, kind: 'goods' };
      stage.productId = (await stage.admin.post('/products', product)).id;
      return stage;
    } catch (error) {
      await stage.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.database.end();
    await this.test.close();
  }

  get gateways(): string[] {
    return ['gateway', 'gateway-2'].map((name) => this.test.system.healthUrl(name));
  }

  async signAllIn(): Promise<void> {
    const names = ['admin', 'finance', 'sales01', 'sales02', 'sales03', 'sales04', 'sales05'];
    const [admin, finance, owner, delegate, giver, receiver, leaver] = await Promise.all(
      names.map((name) => this.signIn(name)),
    );
    Object.assign(this, { admin, finance, owner, delegate, giver, receiver, leaver });
  }

  signIn(username: string): Promise<Client> {
    const { url, accounts } = this.test.system;
    return signIn(url, username, accounts.find((account) => account.username === username)?.password ?? '');
  }

  /** The one customer that anybody has: he owes, and billing knows of it. */
  async customer(of: Client, keyword: string): Promise<string> {
    for (const earlier of await this.admin.all<Made>('/customers')) {
      await this.admin.must('DELETE', `/customers/${earlier.id}`);
    }
    const { id } = await of.post('/customers', { name: `${keyword}有限公司`, keyword });
    const purchase = {
      productId: this.productId,
      quantity: '1',
      soldOn: '2025-01-01',
      dueOn: '2025-01-31',
      annualFee: '1.00',
      serviceEndsOn: '2025-06-30',
      remind: true,
    };
    await of.post<{ items: [Made] }>(`/customers/${id}/purchases`, { purchases: [purchase] });
    await eventually(async () => expect(await of.get('/arrears/summary')).toMatchObject({ total: AMOUNT }));
    return id;
  }
}

/** Everything in which somebody finds a customer, of whom he has no other: himself, lists, counts and sums. */
export function readsAbout(id: string, as: Client, after: View): Read[] {
  const itself = () => true;
  const names = (text: string) => text.includes(id);
  let edits = 0;
  return [
    { name: 'the customer', path: `/customers/${id}`, shows: itself },
    { name: 'his purchases', path: `/customers/${id}/purchases`, shows: itself },
    { name: 'the list', path: '/customers', shows: names },
    { name: 'the counts', path: '/customer-statuses', shows: isOne(countOf) },
    { name: 'the arrears', path: '/arrears', shows: names },
    { name: 'the sum', path: '/arrears/summary', shows: isOne(totalOf) },
    { name: 'the fees', path: '/service-fees', shows: names },
    { name: 'an edit', path: `/customers/${id}`, shows: itself, patch: () => ({ note: `${++edits}` }) },
  ].map((read) => ({ ...read, as, after }));
}

/** What finance sees: all the time the same, but under its owner's name of now. */
export const readOfFinance = (as: Client, owner: Client, after: View): Read => ({
  name: 'the sum by owner',
  as,
  path: '/arrears/summary?groupBy=owner',
  shows: (text) => text.includes(owner.userId),
  after,
});

/** One of them or none; anything else was never true. */
const isOne = (count: (text: string) => number) => (text: string) => {
  const found = count(text);
  if (found !== 0 && found !== 1) throw new Error(`Neither one nor none: ${text}`);
  return found === 1;
};
const countOf = (text: string) =>
  (JSON.parse(text) as { items: { count: number }[] }).items.reduce((sum, { count }) => sum + count, 0);
const totalOf = (text: string) => {
  const { total, customers } = JSON.parse(text) as { total: string; customers: number };
  return total === (customers === 1 ? AMOUNT : '0.00') ? customers : -1;
};

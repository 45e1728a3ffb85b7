import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import type { Person } from './person.js';

interface Deal {
  customerId: string;
  purchaseId: string;
}

const PRICE = '100.00';
/** Longer than any container of the story is away. */
const PATIENCE_MS = 120_000;

/** Enters one customer after the other, each with a purchase that is not paid for. */
export class Deals {
  /** What was answered with a success, and must be there ever after. */
  private readonly done: Deal[] = [];
  private begun = 0;
  private stopped = false;
  private running?: Promise<void>;

  constructor(
    private readonly seller: Person,
    private readonly productId: string,
  ) {}

  start(): void {
    this.running = this.goOn();
    // It is told by `stop`.
    this.running.catch(() => undefined);
  }

  /** Gives how many were done in all. */
  async stop(): Promise<number> {
    this.stopped = true;
    await this.running;
    return this.done.length;
  }

  /** Errors: not so many more are done within the time. */
  async more(count: number): Promise<void> {
    const goal = this.done.length + count;
    const end = performance.now() + PATIENCE_MS;
    while (this.done.length < goal) {
      if (performance.now() > end) throw new Error(`${this.done.length} deals were done, not ${goal}`);
      await pause(50);
    }
  }

  async one(): Promise<void> {
    const place = String(++this.begun).padStart(4, '0');
    const { id: customerId } = await this.seller.post<{ id: string }>('/customers', {
      name: `深圳市${place}号贸易有限公司`,
      keyword: `${place}号贸易`,
      acknowledgeDuplicates: true,
    });
    const purchase = { productId: this.productId, quantity: '1', unitPrice: PRICE };
    const { items } = await this.seller.post<{ items: { id: string }[] }>(`/customers/${customerId}/purchases`, {
      purchases: [{ ...purchase, soldOn: '2026-01-05', dueOn: '2026-02-05' }],
    });
    this.done.push({ customerId, purchaseId: items[0]!.id });
  }

  /** What was done is there once: in the list at once, and in the arrears when its events have arrived. */
  async areAllThere(): Promise<void> {
    const customers = await this.seller.all<{ id: string }>('/customers');
    assert.deepEqual(sorted(customers.map(({ id }) => id)), sorted(this.done.map(({ customerId }) => customerId)));
    const owed = sorted(this.done.map(({ purchaseId }) => `${purchaseId} ${PRICE}`));
    const end = performance.now() + PATIENCE_MS;
    for (;;) {
      const arrears = await this.seller.all<{ purchaseId: string; balance: string }>('/arrears');
      const found = sorted(arrears.map(({ purchaseId, balance }) => `${purchaseId} ${balance}`));
      if (performance.now() > end) return assert.deepEqual(found, owed);
      if (found.join() === owed.join()) return;
      await pause(250);
    }
  }

  private async goOn(): Promise<void> {
    while (!this.stopped) await this.one();
  }
}

const sorted = (values: string[]) => values.toSorted();

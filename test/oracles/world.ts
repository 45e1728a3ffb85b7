/** What the clients of a load know of the system, from the answers that they got. */
export interface World {
  people: readonly { username: string; userId: string; role: string }[];
  productId: string;
  customers: { id: string; owner: string; deletable: boolean }[];
  purchases: { id: string; customerId: string; owner: string; payable: number; paid: number }[];
  payments: { id: string; purchaseId: string; customerId: string; owner: string }[];
  delegations: { id: string; owner: string; delegate: string; customerId: string }[];
  deleted: { id: string }[];
}

/** The seeded chance of one client. */
export class Dice {
  constructor(readonly roll: () => number) {}

  below(limit: number): number {
    return Math.floor(this.roll() * limit);
  }

  of<T>(items: readonly T[]): T | undefined {
    return items[this.below(items.length)];
  }

  /** Takes it out: nobody else will act on it. */
  take<T>(items: T[]): T | undefined {
    return items.splice(this.below(items.length), 1)[0];
  }

  happens(chance: number): boolean {
    return this.roll() < chance;
  }
}

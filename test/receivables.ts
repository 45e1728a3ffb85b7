import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'csv-parse/sync';
import { Decimal } from 'decimal.js';
import type { Api } from '#testing/api';
import { eventually } from '#testing/eventually';

/** Real invoices lie beside the repository where they may not be committed; the small ones here always stand. */
const REAL = resolve('../shared/data/receivables');
export const realDataIsThere = existsSync(join(REAL, 'purchases.csv'));
export const realFile = (name: string) => readFileSync(join(REAL, name));

export const KINDS = ['products', 'customers', 'purchases', 'payments'] as const;

export interface Job {
  id: string;
  state: string;
  total: number;
  processed: number;
  created: number;
  updated: number;
  unchanged: number;
  failed: number;
  errors: unknown[];
}

export async function finished(api: Api, id: string, within = 60_000): Promise<Job> {
  return eventually(async () => {
    const { body } = await api.get(`/imports/${id}`).expect(200);
    expect(['completed', 'failed']).toContain((body as Job).state);
    return body as Job;
  }, within);
}

type FileOf = (kind: string) => string | Buffer;

/** Hands the files in, one right after the other, and gives the ids of their jobs. */
export async function handIn(api: Api, fileOf: FileOf): Promise<string[]> {
  const started: string[] = [];
  for (const kind of KINDS) {
    const { body } = await api.importFile(kind, fileOf(kind)).expect(202);
    started.push((body as Job).id);
  }
  return started;
}

/** Hands the files in, and waits for the last to be done. */
export async function importAll(api: Api, fileOf: FileOf): Promise<Job[]> {
  const started = await handIn(api, fileOf);
  return Promise.all(started.map((id) => finished(api, id)));
}

interface Totals {
  total: string;
  purchases: number;
  customers: number;
  buckets: Record<'notDue' | 'd1_30' | 'd31_60' | 'd61_90' | 'over90', string>;
  byOwner: Record<string, string>;
}

/** The same sums, straight from the files and without anything of the product. */
export function independentArrears(fileOf: FileOf, asOf: string): Totals {
  const rows = (kind: string) => parse<Record<string, string>>(fileOf(kind), { columns: true, bom: true });
  const ownerOf = new Map(rows('customers').map((row) => [row['code'], row['owner'] ?? '']));
  const paid = new Map<string, Decimal>();
  for (const payment of rows('payments')) {
    if ((payment['paid_on'] ?? '') > asOf) continue;
    const ref = payment['purchase_ref'] ?? '';
    paid.set(ref, (paid.get(ref) ?? new Decimal(0)).plus(payment['amount'] ?? 0));
  }
  const sums = { notDue: 0, d1_30: 0, d31_60: 0, d61_90: 0, over90: 0 };
  const buckets = Object.fromEntries(Object.keys(sums).map((name) => [name, new Decimal(0)]));
  const byOwner = new Map<string, Decimal>();
  const customers = new Set<string>();
  let total = new Decimal(0);
  let purchases = 0;
  for (const row of rows('purchases')) {
    if ((row['sold_on'] ?? '') > asOf) continue;
    const payable = new Decimal(row['quantity'] ?? 0)
      .times(row['unit_price'] ?? 0)
      .toDecimalPlaces(2, Decimal.ROUND_HALF_UP);
    const balance = payable.minus(paid.get(row['ref'] ?? '') ?? 0);
    if (balance.lte(0)) continue;
    const days = (Date.parse(asOf) - Date.parse(row['due_on'] ?? '')) / 86_400_000;
    const bucket =
      days <= 0 ? 'notDue' : days <= 30 ? 'd1_30' : days <= 60 ? 'd31_60' : days <= 90 ? 'd61_90' : 'over90';
    const owner = ownerOf.get(row['customer_code']) ?? '';
    buckets[bucket] = (buckets[bucket] ?? new Decimal(0)).plus(balance);
    byOwner.set(owner, (byOwner.get(owner) ?? new Decimal(0)).plus(balance));
    customers.add(row['customer_code'] ?? '');
    total = total.plus(balance);
    purchases += 1;
  }
  const fixed = (entries: Iterable<[string, Decimal]>) =>
    Object.fromEntries([...entries].map(([name, sum]) => [name, sum.toFixed(2)]));
  return {
    total: total.toFixed(2),
    purchases,
    customers: customers.size,
    buckets: fixed(Object.entries(buckets)) as Totals['buckets'],
    byOwner: fixed(byOwner),
  };
}

interface Summary extends Omit<Totals, 'byOwner'> {
  owners: { username: string; total: string }[];
}

/** What the API says, in the same form. */
export async function arrearsAsOf(api: Api, asOf: string): Promise<Totals> {
  const { body } = await api.get(`/arrears/summary?asOf=${asOf}&groupBy=owner`).expect(200);
  const { total, purchases, customers, buckets, owners } = body as Summary;
  const byOwner = Object.fromEntries(owners.map((owner) => [owner.username, owner.total]));
  return { total, purchases, customers, buckets, byOwner };
}

import { BUCKETS, type Bucket } from '#contracts/billing';

/** The last day past due that belongs to a bucket. The SQL of the sums is made from the same table. */
export const LAST_DAY: Record<Bucket, number> = {
  notDue: 0,
  d1_30: 30,
  d31_60: 60,
  d61_90: 90,
  over90: Number.POSITIVE_INFINITY,
};

export function bucketOf(daysPastDue: number): Bucket {
  return BUCKETS.find((bucket) => daysPastDue <= LAST_DAY[bucket])!;
}

import { addDays } from '#calendar/dates';

/** Each purchase lies in one of so many slots, by its id; the indexes are made for this number. */
export const SLOTS = 80;
/** In so many jobs a day is swept: at least four for each of the twenty workers that there may be. */
export const SHARDS = 80;

/** The slots that a shard looks after. Together the shards look after each slot once. */
export function slotsOf(shard: number, shards: number): number[] {
  return Array.from({ length: SLOTS }, (_, slot) => slot).filter((slot) => slot % shards === shard);
}

/** So many shards are swept in one go as long as little is due: most days a shard of its own costs more than what it opens. */
const TOGETHER = 8;

/** The shards that a job sees to in its first go, its own among them. Jobs next to each other have none in common. */
export function sweptTogether(shard: number, shards: number): number[] {
  const groups = Math.ceil(shards / TOGETHER);
  return Array.from({ length: shards }, (_, other) => other).filter((other) => other % groups === shard % groups);
}

/** The days behind the watermark up to today, the oldest first, so many at most. */
export function daysToSweep(sweptThrough: string, today: string, most: number): string[] {
  const days: string[] = [];
  for (let day = addDays(sweptThrough, 1); day <= today && days.length < most; day = addDays(day, 1)) days.push(day);
  return days;
}

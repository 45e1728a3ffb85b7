import type { Role } from '#contracts/context';
import { addDays, dateIn, momentOf, weekdayOf } from '../calendar.rules.js';

/** When a digest is wanted. */
export interface Timing {
  frequency: 'daily' | 'weekly';
  /** ISO, of a weekly one. */
  weekday?: number | null;
  /** `HH:MM`, on the clocks of the zone. */
  time: string;
  zone: string;
}

/** From one digest to the next: until the end of the day `end`, on which it is due `at` that moment. */
export interface Period {
  start: string;
  end: string;
  at: Date;
}

/** The last period whose digest is due by `now`. Earlier ones that were missed are not made up for. */
export function latestPeriod({ frequency, weekday, time, zone }: Timing, now: Date): Period {
  const length = frequency === 'daily' ? 1 : 7;
  // It may be the day's turn already while its time has not come: then it was the turn before.
  for (let end = dateIn(zone, now); ; end = addDays(end, -1)) {
    if (frequency === 'weekly' && weekdayOf(end) !== weekday) continue;
    const at = momentOf(end, time, zone);
    if (at <= now) return { start: addDays(end, -length), end, at };
  }
}

export function mayReceive(role: Role, kind: 'finance' | 'salesperson'): boolean {
  return role === 'administrator' || role === kind;
}

export function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

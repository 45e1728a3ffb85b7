import { addDays } from '#calendar/dates';
import type { DigestKind } from '#contracts/billing';
import type { Role } from '#contracts/context';
import { dateIn, momentOf, weekdayOf } from '../calendar.rules.js';
import { nextWorkingDay, type WorkCalendar } from '../working-day.rules.js';

/** When a digest is wanted. */
export interface Timing {
  frequency: 'daily' | 'weekly';
  /** ISO, of a weekly one. */
  weekday?: number | null;
  /** `HH:MM`, on the clocks of the zone. */
  time: string;
  zone: string;
}

/** From one digest to the next: until the end of the day `end`. It is due `at` that moment. */
export interface Period {
  start: string;
  end: string;
  at: Date;
}

/**
 * The last period whose digest is due by `now`. Earlier ones that were missed are not made up for. One whose day is not
 * worked is due on the next day that is; so of the days off in a row nothing is left but the digest of the day after.
 */
export function latestPeriod({ frequency, weekday, time, zone }: Timing, now: Date, calendar: WorkCalendar): Period {
  const length = frequency === 'daily' ? 1 : 7;
  // It may be the day's turn already while its time has not come: then it was the turn before.
  for (let end = dateIn(zone, now); ; end = addDays(end, -1)) {
    if (frequency === 'weekly' && weekdayOf(end) !== weekday) continue;
    const at = momentOf(nextWorkingDay(end, calendar), time, zone);
    if (at <= now) return { start: addDays(end, -length), end, at };
  }
}

/** Whoever becomes a manager keeps his salesperson's digest, which is of his teams then, too: of all that he sees. */
export function mayReceive(role: Role, kind: DigestKind): boolean {
  return role === 'administrator' || kind === role || (role === 'manager' && kind === 'salesperson');
}

export function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

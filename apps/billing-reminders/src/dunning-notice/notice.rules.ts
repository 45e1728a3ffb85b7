import { Decimal } from 'decimal.js';
import type { z } from 'zod';
import type { NoticeLine, SkippedCustomer } from '#contracts/dunning-notices';
import { addDays, weekdayOf } from '../calendar.rules.js';

export type Line = z.output<typeof NoticeLine>;
type Reason = z.output<typeof SkippedCustomer>['reason'];

/** Something that a customer owes, and whether what was agreed with him leaves him alone for now. */
export interface Due extends Line {
  customerId: string;
  paused: boolean;
}

/** Which days are worked: ISO weekdays, without the holidays, with the days that are made up for. */
export interface WorkCalendar {
  workingDays: readonly number[];
  holidays: readonly string[];
  extraWorkingDays: readonly string[];
}

/** How long somebody has to pay unless a day is named. */
const DAYS_TO_PAY = 14;
/** No calendar has so many days off in a row; one without any working day doesn't hold a letter up. */
const LOOK_AHEAD = 60;

export const isWorkingDay = (date: string, { workingDays, holidays, extraWorkingDays }: WorkCalendar): boolean =>
  extraWorkingDays.includes(date) || (workingDays.includes(weekdayOf(date)) && !holidays.includes(date));

/** In fourteen days, or on the first working day after that. */
export function payByDate(today: string, calendar: WorkCalendar): string {
  const earliest = addDays(today, DAYS_TO_PAY);
  for (let days = 0; days < LOOK_AHEAD; days++) {
    const date = addDays(earliest, days);
    if (isWorkingDay(date, calendar)) return date;
  }
  return earliest;
}

/** What a letter asks a customer for, or why he gets none. */
export function letterFor(dues: readonly Due[]): { lines: Line[] } | { skipped: Reason } {
  if (dues.length === 0) return { skipped: 'nothing-due' };
  const asked = dues.filter(({ paused }) => !paused);
  if (asked.length === 0) return { skipped: 'paused' };
  return { lines: asked.map(({ customerId: _his, paused: _not, ...line }) => line) };
}

export const totalOf = (lines: readonly Line[]): string =>
  lines.reduce((sum, { amount }) => sum.plus(amount), new Decimal(0)).toFixed(2);

/** `D2026-000042`. */
export const numberOf = (year: string, serial: number): string => `D${year}-${String(serial).padStart(6, '0')}`;

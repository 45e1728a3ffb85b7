import { Decimal } from 'decimal.js';
import type { z } from 'zod';
import { addDays } from '#calendar/dates';
import type { NoticeLine, SkippedCustomer } from '#contracts/dunning-notices';
import { nextWorkingDay, type WorkCalendar } from '../working-day.rules.js';

export type Line = z.output<typeof NoticeLine>;
type Reason = z.output<typeof SkippedCustomer>['reason'];

/** Something that a customer owes, and whether what was agreed with him leaves him alone for now. */
export interface Due extends Line {
  customerId: string;
  paused: boolean;
}

/** How long somebody has to pay unless a day is named. */
const DAYS_TO_PAY = 14;
/** In fourteen days, or on the first working day after that. */
export const payByDate = (today: string, calendar: WorkCalendar): string =>
  nextWorkingDay(addDays(today, DAYS_TO_PAY), calendar);

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

import type { z } from 'zod';
import type { MonthsQuery } from '#contracts/statistics';
import { fieldFault } from '../field-fault.js';

/** Ten years: more than a chart shows. */
const LONGEST = 120;

/**
 * The months asked for; twelve up to the later end where an end is left out. Errors: `invalid/validation` for a range
 * that ends before it begins, or is too long.
 */
export function monthsOf({ from, to }: z.output<typeof MonthsQuery>, today: string): { from: string; to: string } {
  const last = to ?? later(from && plusMonths(from, 11), today.slice(0, 7));
  const first = from ?? plusMonths(last, -11);
  if (first > last) throw fieldFault('/from', 'after-end', 'Not after the last month');
  if (plusMonths(first, LONGEST - 1) < last) throw fieldFault('/from', 'too-long', `At most ${LONGEST} months`);
  return { from: first, to: last };
}

const later = (one: string | undefined, other: string) => (one !== undefined && one > other ? one : other);

function plusMonths(month: string, months: number): string {
  const [year = 0, ofYear = 1] = month.split('-').map(Number);
  const count = year * 12 + ofYear - 1 + months;
  return `${String(Math.floor(count / 12)).padStart(4, '0')}-${String((count % 12) + 1).padStart(2, '0')}`;
}

import { addMonths } from '#calendar/dates';

/** How many months are told unless somebody names the first. */
const USUAL_MONTHS = 12;

export interface Months {
  /** `YYYY-MM`, both within. */
  from: string;
  to: string;
}

export function monthsWanted({ from, to }: Partial<Months>, today: string): Months {
  const last = to ?? (from !== undefined && from > monthOf(today) ? from : monthOf(today));
  return { from: from ?? monthOf(addMonths(`${last}-01`, 1 - USUAL_MONTHS)), to: last };
}

/** Every month from one to the other, in order. */
export function monthsBetween({ from, to }: Months): string[] {
  const months: string[] = [];
  for (let month = from; month <= to; month = monthOf(addMonths(`${month}-01`, 1))) months.push(month);
  return months;
}

/** One row for each month, in order: nothing was sold in those that there is none of. */
export function filled<R extends { month: string; purchases: number; amount: string }>(rows: R[], months: string[]) {
  const known = new Map(rows.map((row) => [row.month, row]));
  return months.map((month) => {
    const { purchases, amount } = known.get(month) ?? { purchases: 0, amount: '0.00' };
    return { month, purchases, amount };
  });
}

/** Rows that have the same key, in the order in which the keys come. */
export function groupedBy<R, K>(rows: R[], key: (row: R) => K): Map<K, R[]> {
  const groups = new Map<K, R[]>();
  for (const row of rows) groups.set(key(row), [...(groups.get(key(row)) ?? []), row]);
  return groups;
}

const monthOf = (date: string) => date.slice(0, 7);

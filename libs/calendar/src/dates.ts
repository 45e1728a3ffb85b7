/** Arithmetic on business dates, `YYYY-MM-DD`: days of the calendar, whatever a clock or a zone says. */

const DAY_MS = 86_400_000;

export function addDays(date: string, days: number): string {
  return iso(Date.parse(date) + days * DAY_MS);
}

export function daysBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / DAY_MS;
}

/** The same day `months` later, or the last day of a month that has no such day. */
export function addMonths(date: string, months: number): string {
  const [year, month, day] = date.split('-').map(Number) as [number, number, number];
  const target = month - 1 + months;
  const lastDay = new Date(Date.UTC(year, target + 1, 0)).getUTCDate();
  return iso(Date.UTC(year, target, Math.min(day, lastDay)));
}

const iso = (ms: number) => new Date(ms).toISOString().slice(0, 10);

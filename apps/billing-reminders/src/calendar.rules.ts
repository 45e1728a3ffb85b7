import { addDays, addMonths } from '#calendar/dates';

const DAY_MS = 86_400_000;

/** A span of whole months or whole days, such as `P1M` or `P90D`. */
export interface Span {
  count: number;
  unit: 'M' | 'D';
}

/** `text` has been checked by the contract: `P`, a number, `M` or `D`. */
export function parseSpan(text: string): Span {
  return { count: Number(text.slice(1, -1)), unit: text.endsWith('M') ? 'M' : 'D' };
}

export function before(date: string, span: Span): string {
  return span.unit === 'M' ? addMonths(date, -span.count) : addDays(date, -span.count);
}

/**
 * The last date that `today` is not more than `span` before. On the last day of a month it is the last day of the month
 * `span` ahead, because each of that month's surplus days counts back to today: on 28 February it is 31 March.
 */
export function latestWithin(today: string, span: Span): string {
  if (span.unit === 'D') return addDays(today, span.count);
  const tomorrow = addDays(today, 1);
  if (!tomorrow.endsWith('-01')) return addMonths(today, span.count);
  return addDays(addMonths(tomorrow, span.count), -1);
}

/** ISO: 1 is Monday. */
export function weekdayOf(date: string): number {
  return new Date(date).getUTCDay() || 7;
}

/** The date that calendars in `zone` show at that moment. */
export function dateIn(zone: string, moment: Date): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short' }).format(moment);
}

/**
 * The moment when clocks in `zone` show that date and time. A time that they skip is taken as much later as they skip;
 * of one that they show twice, the first.
 */
export function momentOf(date: string, time: string, zone: string): Date {
  const wanted = Date.parse(`${date}T${time}:00Z`);
  // The offsets in force well before and well after: a change of the clocks lies between them, if there is one.
  const [earlier, later] = [wanted - DAY_MS, wanted + DAY_MS].map((at) => wanted - offsetAt(at, zone));
  const fits = [earlier!, later!].filter((at) => at + offsetAt(at, zone) === wanted);
  return new Date(fits.length > 0 ? Math.min(...fits) : earlier!);
}

/** How far the clocks in `zone` are ahead of UTC at that moment, in ms. */
function offsetAt(at: number, zone: string): number {
  const shown = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' }).format(
    at,
  );
  return Date.parse(`${shown.replace(' ', 'T')}Z`) - Math.floor(at / 1_000) * 1_000;
}

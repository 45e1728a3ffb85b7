/** ISO weekday 1, a Monday. */
const MONDAY = Date.UTC(2026, 0, 5);
const DAY = 86_400_000;

/** The names of the days of the week, ISO numbers 1 to 7, in a language. */
export const weekdays = (language: string): { value: number; label: string }[] => {
  const format = new Intl.DateTimeFormat(language, { weekday: 'long', timeZone: 'UTC' });
  return [1, 2, 3, 4, 5, 6, 7].map((value) => ({ value, label: format.format(MONDAY + (value - 1) * DAY) }));
};

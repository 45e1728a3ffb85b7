import fc from 'fast-check';
import { addDays, daysBetween } from '#calendar/dates';
import { isWorkingDay, nextWorkingDay, type WorkCalendar } from './working-day.rules.js';

/** The week of the National Day in 2026, with the Saturday that makes up for it. */
const NATIONAL_DAY: WorkCalendar = {
  workingDays: [1, 2, 3, 4, 5],
  holidays: ['2026-10-01', '2026-10-02', '2026-10-05', '2026-10-06', '2026-10-07'],
  extraWorkingDays: ['2026-10-10'],
};

test.each([
  ['a working day is itself', '2026-09-30', '2026-09-30'],
  ['a holiday, over the weekend within', '2026-10-01', '2026-10-08'],
  ['a weekend', '2026-10-17', '2026-10-19'],
  ['a Saturday that is made up for', '2026-10-10', '2026-10-10'],
])('%s', (_case, date, next) => {
  expect(nextWorkingDay(date, NATIONAL_DAY)).toBe(next);
});

const date = fc.integer({ min: 0, max: 800 }).map((days) => addDays('2025-12-01', days));
const calendar = fc.record({
  workingDays: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
  holidays: fc.array(date, { maxLength: 20 }),
  extraWorkingDays: fc.array(date, { maxLength: 10 }),
});

test('the next working day is worked, is the first such, and is its own next [B20]', () => {
  fc.assert(
    fc.property(date, calendar, (from, of) => {
      const next = nextWorkingDay(from, of);
      expect(isWorkingDay(next, of)).toBe(true);
      for (let off = 0; off < daysBetween(from, next); off++) expect(isWorkingDay(addDays(from, off), of)).toBe(false);
      expect(nextWorkingDay(next, of)).toBe(next);
    }),
  );
});

test('a day that makes up for another counts, also when it is a holiday of the list', () => {
  fc.assert(
    fc.property(date, calendar, (day, of) => {
      expect(isWorkingDay(day, { ...of, holidays: [day], extraWorkingDays: [] })).toBe(false);
      expect(isWorkingDay(day, { ...of, holidays: [day], extraWorkingDays: [day] })).toBe(true);
    }),
  );
});

test('a calendar without a working day holds nothing up', () => {
  const none = { workingDays: [], holidays: [], extraWorkingDays: [] };
  expect(nextWorkingDay('2026-10-01', none)).toBe('2026-10-01');
});

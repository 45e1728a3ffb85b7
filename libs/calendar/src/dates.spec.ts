import fc from 'fast-check';
import { addDays, addMonths, daysBetween } from './dates.js';

const date = fc
  .date({ min: new Date('1999-01-01'), max: new Date('2101-12-31'), noInvalidDate: true })
  .map((at) => at.toISOString().slice(0, 10));
const dayOfMonth = (of: string) => Number(of.slice(8));
const monthsSince = (of: string) => Number(of.slice(0, 4)) * 12 + Number(of.slice(5, 7));

test.each([
  ['2024-01-31', 1, '2024-02-29'],
  ['2023-01-31', 1, '2023-02-28'],
  ['2024-02-29', 12, '2025-02-28'],
  ['2024-02-29', 48, '2028-02-29'],
  ['2024-12-31', 2, '2025-02-28'],
  ['2024-05-15', 0, '2024-05-15'],
  ['2026-01-15', -1, '2025-12-15'],
  ['2099-12-31', 600, '2149-12-31'],
])('%s and %i months is %s', (from, months, to) => expect(addMonths(from, months)).toBe(to));

test('months keep the day, or end with the month [B3]', () => {
  fc.assert(
    fc.property(date, fc.integer({ min: -60, max: 600 }), (of, months) => {
      const moved = addMonths(of, months);
      expect(monthsSince(moved)).toBe(monthsSince(of) + months);
      const clamped = monthsSince(addDays(moved, 1)) > monthsSince(moved);
      expect(dayOfMonth(moved) === dayOfMonth(of) || (clamped && dayOfMonth(moved) < dayOfMonth(of))).toBe(true);
    }),
  );
});

test('days go over months and leap days', () => {
  expect(addDays('2024-02-28', 1)).toBe('2024-02-29');
  expect(addDays('2023-12-31', 60)).toBe('2024-02-29');
});

test('days are counted the same there and back', () => {
  fc.assert(
    fc.property(date, fc.integer({ min: -40_000, max: 40_000 }), (from, days) => {
      expect(daysBetween(from, addDays(from, days))).toBe(days);
    }),
  );
});

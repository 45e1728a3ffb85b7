import fc from 'fast-check';
import { addDays } from '#calendar/dates';
import { before, latestWithin, momentOf, parseSpan, weekdayOf } from './calendar.rules.js';

const date = fc
  .date({ min: new Date('1999-01-01'), max: new Date('2101-12-31'), noInvalidDate: true })
  .map((at) => at.toISOString().slice(0, 10));
const span = fc.record({ count: fc.integer({ min: 1, max: 400 }), unit: fc.constantFrom('M' as const, 'D' as const) });

test.each([
  ['2026-03-31', '2026-02-28'],
  ['2024-03-31', '2024-02-29'],
  ['2024-03-29', '2024-02-29'],
  ['2025-03-29', '2025-02-28'],
  ['2024-02-29', '2024-01-29'],
  ['2026-01-15', '2025-12-15'],
  ['2026-07-31', '2026-06-30'],
])('one month before %s is %s', (endsOn, lead) => {
  expect(before(endsOn, parseSpan('P1M'))).toBe(lead);
});

test('a date is within a span of today exactly when its lead date has come', () => {
  fc.assert(
    fc.property(date, span, (today, lead) => {
      const latest = latestWithin(today, lead);
      // Around the edge, where a month's surplus days lie.
      for (let off = -4; off <= 4; off++) {
        const endsOn = addDays(latest, off);
        expect([endsOn, endsOn <= latest]).toEqual([endsOn, before(endsOn, lead) <= today]);
      }
    }),
    { numRuns: 2_000 },
  );
});

test('weekdays are ISO, Sunday the seventh', () => {
  expect(['2026-11-23', '2026-11-28', '2026-11-29'].map(weekdayOf)).toEqual([1, 6, 7]);
});

describe('the moment of a local time', () => {
  test.each([
    ['plain', '2026-11-23', '08:30', 'Asia/Shanghai', '2026-11-23T00:30:00Z'],
    ['summer', '2026-07-01', '08:30', 'Europe/Berlin', '2026-07-01T06:30:00Z'],
    ['skipped: as much later', '2026-03-29', '02:30', 'Europe/Berlin', '2026-03-29T01:30:00Z'],
    ['shown twice: the first', '2026-10-25', '02:30', 'Europe/Berlin', '2026-10-25T00:30:00Z'],
    ['half an hour skipped', '2026-10-04', '02:15', 'Australia/Lord_Howe', '2026-10-03T15:45:00Z'],
    ['behind UTC, skipped', '2026-03-08', '02:30', 'America/New_York', '2026-03-08T07:30:00Z'],
    ['behind UTC, shown twice', '2026-11-01', '01:30', 'America/New_York', '2026-11-01T05:30:00Z'],
    ['far ahead of UTC', '2026-01-01', '00:00', 'Pacific/Kiritimati', '2025-12-31T10:00:00Z'],
  ])('%s', (_case, on, time, zone, moment) => {
    expect(momentOf(on, time, zone)).toEqual(new Date(moment));
  });

  test('is what a clock there shows, unless it was skipped', () => {
    const zone = fc.constantFrom('Asia/Shanghai', 'Europe/London', 'America/St_Johns', 'Australia/Sydney');
    fc.assert(
      fc.property(date, fc.integer({ min: 3 * 60 + 30, max: 23 * 60 + 59 }), zone, (on, minutes, there) => {
        const time = `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
        const shown = momentOf(on, time, there).toLocaleString('sv-SE', { timeZone: there });
        expect(shown).toBe(`${on} ${time}:00`);
      }),
    );
  });
});

import fc from 'fast-check';
import { addDays } from '#calendar/dates';
import { momentOf } from '../calendar.rules.js';
import type { WorkCalendar } from '../working-day.rules.js';
import { isTimeZone, latestPeriod, mayReceive, type Timing } from './digest-subscription.rules.js';

const EVERY_DAY: WorkCalendar = { workingDays: [1, 2, 3, 4, 5, 6, 7], holidays: [], extraWorkingDays: [] };
const daily = (time: string, zone: string): Timing => ({ frequency: 'daily', time, zone });

test.each([
  ['just before its time: the day before', '2026-11-23T00:29:59Z', '2026-11-22'],
  ['at its time', '2026-11-23T00:30:00Z', '2026-11-23'],
  ['late in the day there, still the day before in UTC', '2026-11-23T15:59:00Z', '2026-11-23'],
])('daily, %s', (_case, now, end) => {
  const period = latestPeriod(daily('08:30', 'Asia/Shanghai'), new Date(now), EVERY_DAY);
  expect(period.end).toBe(end);
  expect(period.start).toBe(addDays(end, -1));
});

test('weekly: from Monday to Monday', () => {
  const mondays: Timing = { frequency: 'weekly', weekday: 1, time: '08:30', zone: 'Asia/Shanghai' };
  const last = { start: '2026-11-16', end: '2026-11-23', at: new Date('2026-11-23T00:30:00Z') };
  expect(latestPeriod(mondays, new Date('2026-11-23T00:30:00Z'), EVERY_DAY)).toEqual(last);
  expect(latestPeriod(mondays, new Date('2026-11-29T22:00:00Z'), EVERY_DAY)).toEqual(last);
  expect(latestPeriod(mondays, new Date('2026-11-23T00:29:00Z'), EVERY_DAY)).toMatchObject({ end: '2026-11-16' });
});

test('on a day that skips its time, it is due once, later', () => {
  const early = daily('02:30', 'Europe/Berlin');
  expect(latestPeriod(early, new Date('2026-03-29T01:29:00Z'), EVERY_DAY).end).toBe('2026-03-28');
  expect(latestPeriod(early, new Date('2026-03-29T01:30:00Z'), EVERY_DAY).end).toBe('2026-03-29');
});

test('on a day that has its time twice, it is due once', () => {
  const early = daily('02:30', 'Europe/Berlin');
  const first = latestPeriod(early, new Date('2026-10-25T00:30:00Z'), EVERY_DAY);
  expect(latestPeriod(early, new Date('2026-10-25T01:30:00Z'), EVERY_DAY)).toEqual(first);
  expect(first.end).toBe('2026-10-25');
});

describe('on days that are not worked', () => {
  const weekdays: WorkCalendar = {
    workingDays: [1, 2, 3, 4, 5],
    holidays: ['2026-11-23'],
    extraWorkingDays: ['2026-11-29'],
  };

  test('a daily digest waits for the next that is, and there is one for all of them [B20]', () => {
    const due = (now: string) => latestPeriod(daily('08:30', 'Asia/Shanghai'), new Date(now), weekdays).end;
    expect(due('2026-11-20T00:30:00Z')).toBe('2026-11-20');
    for (const off of ['2026-11-21', '2026-11-22', '2026-11-23']) expect(due(`${off}T09:00:00Z`)).toBe('2026-11-20');
    expect(due('2026-11-24T00:29:00Z')).toBe('2026-11-20');
    expect(due('2026-11-24T00:30:00Z')).toBe('2026-11-24');
    // A Sunday that makes up for a holiday.
    expect(due('2026-11-29T00:30:00Z')).toBe('2026-11-29');
  });

  test('a weekly digest of a holiday comes with the next working day, once [B20]', () => {
    const mondays: Timing = { frequency: 'weekly', weekday: 1, time: '08:30', zone: 'Asia/Shanghai' };
    const late = { start: '2026-11-16', end: '2026-11-23', at: new Date('2026-11-24T00:30:00Z') };
    expect(latestPeriod(mondays, new Date('2026-11-23T09:00:00Z'), weekdays)).toMatchObject({ end: '2026-11-16' });
    expect(latestPeriod(mondays, new Date('2026-11-24T00:30:00Z'), weekdays)).toEqual(late);
    expect(latestPeriod(mondays, new Date('2026-11-30T00:29:00Z'), weekdays)).toEqual(late);
  });
});

test('whatever the hour: due by now, and the next one is not', () => {
  const zones = ['Asia/Shanghai', 'Europe/Berlin', 'America/New_York', 'Pacific/Kiritimati', 'Australia/Lord_Howe'];
  const timing = fc.record({
    hour: fc.integer({ min: 0, max: 23 }),
    minute: fc.integer({ min: 0, max: 59 }),
    zone: fc.constantFrom(...zones),
    weekday: fc.option(fc.integer({ min: 1, max: 7 })),
  });
  const moment = fc.date({ min: new Date('2024-01-01'), max: new Date('2030-01-01'), noInvalidDate: true });
  fc.assert(
    fc.property(timing, moment, ({ hour, minute, zone, weekday }, now) => {
      const time = `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
      const frequency = weekday === null ? 'daily' : 'weekly';
      const { start, end, at } = latestPeriod({ frequency, weekday, time, zone }, now, EVERY_DAY);
      expect(addDays(start, weekday === null ? 1 : 7)).toBe(end);
      expect(at.getTime()).toBeLessThanOrEqual(now.getTime());
      const next = addDays(end, weekday === null ? 1 : 7);
      expect(momentOf(next, time, zone).getTime()).toBeGreaterThan(now.getTime());
    }),
  );
});

test('who may have which digest [B14] [B16]', () => {
  expect(mayReceive('finance', 'finance')).toBe(true);
  expect(mayReceive('finance', 'salesperson')).toBe(false);
  expect(mayReceive('salesperson', 'salesperson')).toBe(true);
  expect(mayReceive('salesperson', 'finance')).toBe(false);
  expect(mayReceive('salesperson', 'manager') || mayReceive('finance', 'manager')).toBe(false);
  expect(mayReceive('manager', 'manager') && mayReceive('manager', 'salesperson')).toBe(true);
  expect(mayReceive('manager', 'finance')).toBe(false);
  expect(mayReceive('administrator', 'finance') && mayReceive('administrator', 'salesperson')).toBe(true);
});

test('zones that are none are told apart', () => {
  expect(isTimeZone('Asia/Taipei')).toBe(true);
  expect(isTimeZone('Asia/Atlantis')).toBe(false);
});

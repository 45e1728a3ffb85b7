import { businessDate } from './clock.js';

it.each([
  ['2026-01-31T15:59:59Z', 'Asia/Shanghai', '2026-01-31'],
  ['2026-01-31T16:00:00Z', 'Asia/Shanghai', '2026-02-01'],
  ['2026-01-31T16:00:00Z', 'UTC', '2026-01-31'],
])('%s in %s is %s', (moment, zone, date) => expect(businessDate(new Date(moment), zone)).toBe(date));

import { checkDates } from './follow-up.rules.js';

const check = (occurredOn: string, nextOn: string | null) => () => checkDates({ occurredOn, nextOn }, '2026-03-05');

it('takes what was said today or before, with a next date from that day on, or with none [C33]', () => {
  expect(check('2026-03-05', null)).not.toThrow();
  expect(check('2024-01-01', '2024-01-01')).not.toThrow();
  expect(check('2026-03-05', '2026-04-05')).not.toThrow();
});

it('refuses what is yet to be said, and a next date before it [C33]', () => {
  expect(check('2026-03-06', null)).toThrow('rule-violated/date-in-future');
  expect(check('2026-03-05', '2026-03-04')).toThrow('rule-violated/next-before-follow-up');
});

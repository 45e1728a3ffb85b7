import { SettingsPatch } from './settings.js';

describe('a setting', () => {
  const calendar = { workingDays: [1, 2, 3, 4, 5], holidays: [], extraWorkingDays: [] };

  it.each([
    ['a zone, which is the environment’s', { zone: 'Asia/Tokyo' }],
    ['a currency that is none', { currency: 'YUAN' }],
    ['an empty name', { organisationName: ' ' }],
    ['a term of less than no days', { paymentTermDays: -1 }],
    ['a lead in years', { serviceFeeLead: 'P1Y' }],
    ['a lead of nothing', { serviceFeeLead: 'P0D' }],
    ['an eighth weekday', { calendar: { ...calendar, workingDays: [8] } }],
    ['a weekday twice', { calendar: { ...calendar, workingDays: [1, 1] } }],
    ['a week without work', { calendar: { ...calendar, workingDays: [] } }],
    ['a holiday that no calendar has', { calendar: { ...calendar, holidays: ['2026-02-30'] } }],
    [
      'a holiday that is worked',
      { calendar: { ...calendar, holidays: ['2026-10-01'], extraWorkingDays: ['2026-10-01'] } },
    ],
    ['half a calendar', { calendar: { workingDays: [1] } }],
    ['an address that gets no mail', { mail: { from: 'crm' } }],
    ['a letterhead’s address that gets no mail', { letterhead: { email: 'office@' } }],
    ['a letterhead’s field that is none', { letterhead: { fax: '1' } }],
  ])('is not %s', (_what, patch) => {
    expect(SettingsPatch.safeParse(patch).success).toBe(false);
  });

  it.each([{ serviceFeeLead: 'P1M' }, { serviceFeeLead: 'P45D' }, { mail: {} }, { currency: 'TWD' }, {}])(
    'may be %j',
    (patch) => {
      expect(SettingsPatch.parse(patch)).toEqual(patch);
    },
  );
});

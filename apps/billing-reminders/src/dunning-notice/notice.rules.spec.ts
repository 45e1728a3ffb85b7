import { letterFor, numberOf, payByDate, totalOf, type Due } from './notice.rules.js';

const week = { workingDays: [1, 2, 3, 4, 5], holidays: [], extraWorkingDays: [] };
const due = (more: Partial<Due> = {}): Due => ({
  ...{ customerId: 'c', kind: 'arrears', purchaseId: 'p', productName: '维护', dueOn: '2026-01-31', amount: '100.10' },
  ...{ paused: false, ...more },
});

describe('the day until which is to be paid [B10]', () => {
  it.each([
    ['2026-03-02', week, '2026-03-16'],
    // A Saturday, and a Sunday: the Monday after.
    ['2026-03-07', week, '2026-03-23'],
    ['2026-03-08', week, '2026-03-23'],
    ['2026-03-02', { ...week, holidays: ['2026-03-16', '2026-03-17'] }, '2026-03-18'],
    ['2026-03-07', { ...week, extraWorkingDays: ['2026-03-21'] }, '2026-03-21'],
    ['2026-03-02', { ...week, workingDays: [] }, '2026-03-16'],
  ])('from %s on', (today, calendar, date) => expect(payByDate(today, calendar)).toBe(date));
});

describe('a letter', () => {
  it('asks for what nothing pauses', () => {
    expect(letterFor([due(), due({ purchaseId: 'q', paused: true })])).toEqual({
      lines: [{ kind: 'arrears', purchaseId: 'p', productName: '维护', dueOn: '2026-01-31', amount: '100.10' }],
    });
  });

  it('is not written to who owes nothing, or is left alone', () => {
    expect(letterFor([])).toEqual({ skipped: 'nothing-due' });
    expect(letterFor([due({ paused: true }), due({ paused: true })])).toEqual({ skipped: 'paused' });
  });

  it('is added up to the cent', () => {
    expect(totalOf([due(), due({ amount: '0.20' }), due({ amount: '999999999999999.99' })])).toBe(
      '1000000000000100.29',
    );
    expect(numberOf('2026', 42)).toBe('D2026-000042');
  });
});

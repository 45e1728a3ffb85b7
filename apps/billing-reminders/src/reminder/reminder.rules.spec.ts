import fc from 'fast-check';
import { addDays } from '#calendar/dates';
import { AppError } from '#contracts/errors';
import { acknowledge, close, dispute, notePromise, snooze, standingOn, type Standing } from './reminder.rules.js';

const TODAY = '2026-03-01';
const open: Standing = { state: 'open', until: null, promiseAmount: null, promiseOn: null, note: null };
const slugOf = (act: () => unknown) => {
  try {
    return void act();
  } catch (error) {
    return error instanceof AppError ? `${error.kind}/${error.slug}` : error;
  }
};

test('what each act does, and how long it holds [B8]', () => {
  expect(acknowledge(open, { note: '已电话告知' }, TODAY)).toMatchObject({
    state: 'acknowledged',
    until: '2026-03-08',
    note: '已电话告知',
  });
  expect(snooze(open, { until: '2026-03-20' }, TODAY)).toMatchObject({ state: 'snoozed', until: '2026-03-20' });
  expect(notePromise(open, { date: '2026-03-31', amount: '50.00' }, TODAY)).toMatchObject({
    state: 'promised',
    until: '2026-04-01',
    promiseAmount: '50.00',
    promiseOn: '2026-03-31',
  });
  expect(dispute(open, { note: '已退货' }, TODAY)).toMatchObject({ state: 'disputed', until: null, note: '已退货' });
  expect(dispute(open, { note: '已退货', until: '2026-03-02' }, TODAY)).toMatchObject({ until: '2026-03-02' });
  expect(close(open, { note: '坏账' })).toMatchObject({ state: 'closed', until: null, note: '坏账' });
});

test('a pause is over on its day, by itself; a dispute without a date is not [B8]', () => {
  const day = fc.integer({ min: 1, max: 4_000 }).map((days) => addDays(TODAY, days));
  fc.assert(
    fc.property(day, day, (until, today) => {
      for (const paused of [snooze(open, { until }, TODAY), dispute(open, { note: '误', until }, TODAY)]) {
        const standing = standingOn(paused, today);
        expect(standing.state).toBe(today < until ? paused.state : 'open');
        expect(standing.until).toBe(today < until ? until : null);
      }
      const disputed = dispute(open, { note: '误' }, TODAY);
      expect(standingOn(disputed, today)).toEqual(disputed);
    }),
  );
});

test('a promise of today holds until tomorrow; one that was not kept stays to be seen', () => {
  const promised = notePromise(open, { date: TODAY, amount: '50.00' }, TODAY);
  expect(standingOn(promised, TODAY).state).toBe('promised');
  const broken = standingOn(promised, '2026-03-02');
  expect(broken).toMatchObject({ state: 'open', until: null, promiseAmount: '50.00', promiseOn: TODAY });
  expect(acknowledge(broken, {}, '2026-03-02')).toMatchObject({ state: 'acknowledged', promiseOn: TODAY });
});

test('what was said stays until something else is said', () => {
  const noted = acknowledge(open, { note: '已电话告知' }, TODAY);
  expect(snooze(noted, { until: '2026-03-20' }, TODAY).note).toBe('已电话告知');
  expect(snooze(noted, { until: '2026-03-20', note: '月底再说' }, TODAY).note).toBe('月底再说');
});

test('each act takes the place of the one before; nothing is done to what is settled or closed', () => {
  const acts = {
    acknowledged: (from: Standing) => acknowledge(from, {}, TODAY),
    snoozed: (from: Standing) => snooze(from, { until: '2026-03-02' }, TODAY),
    promised: (from: Standing) => notePromise(from, { date: TODAY, amount: '1.00' }, TODAY),
    disputed: (from: Standing) => dispute(from, { note: '误' }, TODAY),
    closed: (from: Standing) => close(from, { note: '坏账' }),
  };
  for (const [state, act] of Object.entries(acts)) {
    for (const from of Object.values(acts).slice(0, -1)) expect(act(from(open)).state).toBe(state);
    expect(slugOf(() => act({ ...open, state: 'settled' }))).toBe('conflict/reminder-settled');
    expect(slugOf(() => act({ ...open, state: 'closed' }))).toBe('conflict/reminder-closed');
  }
});

test('nothing is put off until a day that has come', () => {
  expect(slugOf(() => snooze(open, { until: TODAY }, TODAY))).toBe('rule-violated/date-not-ahead');
  expect(slugOf(() => dispute(open, { note: '误', until: TODAY }, TODAY))).toBe('rule-violated/date-not-ahead');
  expect(slugOf(() => notePromise(open, { date: '2026-02-28', amount: '1.00' }, TODAY))).toBe(
    'rule-violated/date-not-ahead',
  );
});

import { changesTo, filledIn, sameValue, valueAt, withValueAt } from './changes.rules.js';

it('leaves out what is empty in something new', () => {
  expect(filledIn({ name: 'A', unit: '', fee: undefined, active: false })).toEqual({ name: 'A', active: false });
});

it('sends what was changed, and null for what was emptied', () => {
  const before = { name: 'A', fee: '1.00', lead: 'P1M', days: [1, 2] };
  expect(changesTo(before, { name: 'B', fee: '', lead: 'P1M', days: [1, 2], note: '' })).toEqual({
    name: 'B',
    fee: null,
  });
});

it('takes no other order of members for a change', () => {
  expect(
    changesTo({ mail: { from: 'a@b.cn', replyTo: 'c@d.cn' } }, { mail: { replyTo: 'c@d.cn', from: 'a@b.cn' } }),
  ).toEqual({});
});

it('holds nothing, an empty text and an empty list for the same', () => {
  expect([sameValue(undefined, ''), sameValue(null, []), sameValue([], ['a']), sameValue(0, '')]).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

it('reads and changes one value, also of what is not there yet', () => {
  const values = { name: 'A', mail: { from: 'a@b.cn' } };
  expect([valueAt(values, ['mail', 'from']), valueAt(values, ['letterhead', 'note'])]).toEqual(['a@b.cn', undefined]);
  expect(withValueAt(values, ['letterhead', 'note'], 'x')).toEqual({ ...values, letterhead: { note: 'x' } });
  expect(withValueAt(values, ['mail', 'from'], undefined)).toEqual({ name: 'A', mail: { from: undefined } });
});

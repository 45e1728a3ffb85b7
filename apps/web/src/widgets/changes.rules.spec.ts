import { changesTo, filledIn } from './changes.rules.js';

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

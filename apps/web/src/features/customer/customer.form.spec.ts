import { changesTo, filledIn } from './customer.form.js';
import type { Customer } from './customer.queries.js';

const shown = {
  name: '中興',
  keyword: '中興',
  statusId: 's',
  createdOn: '2026-01-01',
  phone: '1',
  tags: ['a'],
} as Customer;

it('sends what was filled in, and nothing else', () => {
  expect(filledIn({ name: 'a', phone: '', note: undefined, tags: [] })).toEqual({ name: 'a', tags: [] });
});

it('sends what an edit changed, and empties what was emptied', () => {
  expect(changesTo(shown, { ...shown, phone: '', region: '深圳', tags: ['a', 'b'] })).toEqual({
    phone: null,
    region: '深圳',
    tags: ['a', 'b'],
  });
});

it('sends nothing when nothing has changed', () => {
  expect(changesTo(shown, { ...shown, region: '' })).toEqual({});
});

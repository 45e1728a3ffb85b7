import { changesBetween } from './changes.rules.js';

it('tells each field that differs, with what it was and what it is [C31]', () => {
  const before = { name: '意向', color: null, options: ['a'], position: 0 };
  const after = { name: '成交', color: '#fff', options: ['a'], position: 0 };
  expect(changesBetween(before, after)).toEqual([
    { field: 'name', from: '意向', to: '成交' },
    { field: 'color', from: null, to: '#fff' },
  ]);
  expect(changesBetween(after, after)).toEqual([]);
});

it('tells all of what is new, and all of what is gone, but for what was never set', () => {
  const state = { name: '意向', color: null };
  expect(changesBetween(undefined, state)).toEqual([{ field: 'name', from: null, to: '意向' }]);
  expect(changesBetween(state, undefined)).toEqual([{ field: 'name', from: '意向', to: null }]);
});

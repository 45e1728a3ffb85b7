import { blanked, blankedChanges, patternOf, wordsFor } from './personal-data.rules.js';

const person = { name: '王伟', phone: null, mobile: '139-0000', email: 'wang.wei@example.com', wechat: 'W' };

it('knows a person by name and numbers and by what else he is called, the longest first [C34]', () => {
  expect(wordsFor([person], ['王经理', '王'])).toEqual(['wang.wei@example.com', '139-0000', '王经理', '王伟']);
  expect(wordsFor([{ ...person, name: '***', mobile: null, email: null, wechat: null }])).toEqual([]);
});

it('blanks the words wherever they are in a value, and leaves the rest [C34]', () => {
  const pattern = patternOf(wordsFor([person]));
  const told = { note: '问王伟（139-0000）或 WANG.WEI@example.com', amounts: ['12.50', '王伟'], count: 3, none: null };
  expect(blanked(told, pattern)).toEqual({
    note: '问***（***）或 ***',
    amounts: ['12.50', '***'],
    count: 3,
    none: null,
  });
  expect(blanked('wangxwei@example.com', pattern)).toBe('wangxwei@example.com');
  expect(blanked(told, patternOf([]))).toEqual(told);
});

it('leaves of the change of a contact which fields it was [C34]', () => {
  const changes = [
    { field: 'mobile', from: '139-0000', to: '138-1111' },
    { field: 'primary', from: false, to: true },
  ];
  expect(blankedChanges(changes)).toEqual([{ field: 'mobile', from: null, to: null }, changes[1]]);
});

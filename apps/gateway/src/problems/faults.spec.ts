import { z } from 'zod';
import { bodyFaults } from '../edge/shape.js';
import { worded } from './faults.js';

it.each([
  ['en', 'Too big: expected string to have <=3 characters', 'Too small: expected number to be >=1'],
  ['zh-Hans', '太长或太大，最多 3', '太短或太小，至少 1'],
  ['zh-Hant', '太長或太大，最多 3', '太短或太小，至少 1'],
] as const)('says in %s what is wrong with a field, and what would be right [A2]', (language, ...messages) => {
  const schema = z.strictObject({ name: z.string().max(3), months: z.int().min(1) });
  const faults = bodyFaults(schema, { name: 'abcd', months: 0 });
  expect(faults.map((fault) => worded(fault, language).message)).toEqual(messages);
});

it('names whom a row resembles, whatever he is called [A2]', () => {
  const params = { name: '{name} $1', keyword: '中兴', owner: '李娜' };
  const fault = { code: 'possible-duplicate', message: 'Resembles …', params };
  expect(worded(fault, 'zh-Hans').message).toBe('与李娜的客户“{name} $1”（关键字“中兴”）相似');
});

it('says it as the service does where it has no other words, or less to say', () => {
  for (const fault of [
    { code: 'unheard-of', message: 'Never seen before' },
    { code: 'too-small', message: 'Too small: expected number to be >0' },
  ]) {
    expect(worded(fault, 'zh-Hans')).toEqual(fault);
  }
});

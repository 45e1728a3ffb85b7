import { bucketOf } from './arrears.rules.js';

test.each([
  [-400, 'notDue'],
  [0, 'notDue'],
  [1, 'd1_30'],
  [30, 'd1_30'],
  [31, 'd31_60'],
  [60, 'd31_60'],
  [61, 'd61_90'],
  [90, 'd61_90'],
  [91, 'over90'],
  [9_999, 'over90'],
] as const)('%d days past due: %s', (days, bucket) => {
  expect(bucketOf(days)).toBe(bucket);
});

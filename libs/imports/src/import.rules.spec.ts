import type { ImportRow } from '#contracts/imports';
import { headerFaults, storable, untilRepeatedKey } from './import.rules.js';

const row = (number: number, ref: string): ImportRow => ({ row: number, values: { ref } });

describe('headerFaults', () => {
  it('takes the required columns in any order', () => {
    expect(headerFaults('payments', ['paid_on', 'amount', 'purchase_ref', 'ref'])).toEqual([]);
  });

  it('names what is unknown, what is there twice and what is missing', () => {
    const faults = headerFaults('payments', ['ref', 'amount', 'sum', 'amount']);
    expect(faults.map(({ pointer, code }) => [pointer, code])).toEqual([
      ['/header/2', 'unknown-column'],
      ['/header/3', 'repeated-column'],
      ['/header', 'missing-column'],
      ['/header', 'missing-column'],
    ]);
    expect(faults[0]?.message).toContain('sum');
    expect(faults.slice(2).map(({ message }) => message)).toEqual([
      expect.stringContaining('purchase_ref'),
      expect.stringContaining('paid_on'),
    ]);
  });
});

describe('untilRepeatedKey', () => {
  it('takes all rows when each has its own key', () => {
    const rows = [row(2, 'a'), row(3, 'b')];
    expect(untilRepeatedKey('payments', rows)).toBe(rows);
  });

  it('stops before the first that repeats one, however it is written', () => {
    const rows = [row(2, 'a服务'), row(3, 'b'), row(4, ' Ａ服務'), row(5, 'c')];
    expect(untilRepeatedKey('payments', rows).map((each) => each.row)).toEqual([2, 3]);
  });

  it('does not take empty keys for the same', () => {
    expect(untilRepeatedKey('payments', [row(2, ''), row(3, ''), { row: 4, values: {} }])).toHaveLength(3);
  });
});

it('stores no text that PostgreSQL would refuse', () => {
  expect(storable('a\u0000b\ud800c中')).toBe('ab\ufffdc中');
});

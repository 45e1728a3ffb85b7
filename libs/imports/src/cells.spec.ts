import fc from 'fast-check';
import { z } from 'zod';
import { Money, Quantity, line } from '#contracts/common';
import { booleanCell, dateCell, decimalCell, integerCell, readRow } from './cells.js';

describe('dates', () => {
  it.each([
    ['2024-03-09', '2024-03-09'],
    ['2024/03/09', '2024-03-09'],
    ['2024/3/9', '2024-03-09'],
    ['2024-3-9', '2024-03-09'],
    ['2024/2/29', '2024-02-29'],
  ])('%s is %s', (text, date) => expect(dateCell.parse(text)).toBe(date));

  it.each(['2023-02-29', '09/03/2024', '2024/3-9', '2024-13-01', '20240309', 'soon'])('refuses %s', (text) =>
    expect(dateCell.safeParse(text).success).toBe(false),
  );
});

describe('decimals', () => {
  it.each([
    ['1234.50', '1234.5'],
    ['1,234.50', '1234.5'],
    ['1,234,567', '1234567'],
    ['-3,000.10', '-3000.1'],
    ['007', '7'],
    ['12.300000', '12.3'],
  ])('%s is %s', (text, plain) => expect(decimalCell(Money).parse(text)).toBe(plain));

  it.each(['12,34', '1,2345', '1.234,50', '0.001', '1e3', '¥12', 'NaN', '--1', ''])('refuses %s as money', (text) =>
    expect(decimalCell(Money).safeParse(text).success).toBe(false),
  );

  it('keeps three decimals of a quantity, and refuses nothing at all', () => {
    expect(decimalCell(Quantity).parse('0.125')).toBe('0.125');
    expect(decimalCell(Quantity).safeParse('0.000').success).toBe(false);
    expect(decimalCell(Quantity).safeParse('0.1255').success).toBe(false);
  });

  it('reads every amount of cents back to the cent', () => {
    fc.assert(
      fc.property(fc.integer({ min: -99_999_999, max: 99_999_999 }), (cents) => {
        const [whole = '', rest] = (cents / 100).toFixed(2).split('.');
        const grouped = `${whole.replace(/\B(?=(\d{3})+$)/g, ',')}.${rest}`;
        return Math.round(Number(decimalCell(Money).parse(grouped)) * 100) === cents;
      }),
    );
  });
});

describe('yes and no', () => {
  it.each(['true', 'TRUE', '1', '是', 'Yes'])('%s is yes', (text) => expect(booleanCell.parse(text)).toBe(true));
  it.each(['false', 'False', '0', '否', 'no'])('%s is no', (text) => expect(booleanCell.parse(text)).toBe(false));
  it.each(['2', 'maybe', '对'])('refuses %s', (text) => expect(booleanCell.safeParse(text).success).toBe(false));
});

describe('readRow', () => {
  const schema = z.object({
    code: line(5),
    price: decimalCell(Money),
    months: integerCell(z.int().min(1)).optional(),
    remind: booleanCell.optional(),
  });

  it('leaves empty cells and unknown columns out', () => {
    const values = { code: ' A1 ', price: '１２.５', months: '', remind: ' ', other: 'x' };
    expect(readRow(schema, { row: 2, values })).toEqual({ value: { code: 'A1', price: '12.5' } });
  });

  it('names every wrong cell by its column', () => {
    const { faults } = readRow(schema, { row: 7, values: { code: 'A1234567', price: '', months: '1.5' } });
    expect(faults?.map(({ row, field, code }) => [row, field, code])).toEqual([
      [7, 'code', 'too-big'],
      [7, 'price', 'required'],
      [7, 'months', 'invalid-format'],
    ]);
  });
});

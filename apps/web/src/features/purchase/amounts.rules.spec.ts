import fc from 'fast-check';
import { balanceOf, isArrears, payableOf, sumOf } from './amounts.rules.js';

it.each([
  ['3', '19.90', '59.70'],
  ['0.005', '1.00', '0.01'],
  ['0.004', '1.00', '0.00'],
  ['1.5', '0.33', '0.50'],
])('%s × %s is %s', (quantity, price, payable) => expect(payableOf(quantity, price)).toBe(payable));

it.each([
  ['', '1'],
  ['1', ''],
  ['1.2345', '1'],
  ['1', '1.234'],
  ['x', '1'],
])('%j × %j is nothing yet', (quantity, price) => expect(payableOf(quantity, price)).toBeUndefined());

it('less paid than payable is arrears', () => {
  expect(balanceOf('100.00', '40')).toBe('60.00');
  expect(isArrears(balanceOf('100.00', '40'))).toBe(true);
  expect(isArrears(balanceOf('100.00', '100'))).toBe(false);
  expect(isArrears(balanceOf('100.00'))).toBe(true);
});

it('adds up to the cent, whatever the order', () => {
  const cents = fc.integer({ min: -1_000_000, max: 1_000_000 });
  fc.assert(
    fc.property(fc.array(cents), (amounts) => {
      const texts = amounts.map((amount) => (amount / 100).toFixed(2));
      const sum = amounts.reduce((total, amount) => total + amount, 0);
      return sumOf(texts) === sumOf(texts.toReversed()) && Math.round(Number(sumOf(texts)) * 100) === sum;
    }),
  );
});

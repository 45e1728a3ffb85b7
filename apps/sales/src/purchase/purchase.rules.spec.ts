import fc from 'fast-check';
import { AppError } from '#contracts/errors';
import { assertNotInFuture, newTerms, payableOf } from './purchase.rules.js';

const cents = fc.bigInt({ min: 0n, max: 10n ** 10n });
const thousandths = fc.bigInt({ min: 1n, max: 10n ** 9n });
const asDecimal = (units: bigint, places: number) => {
  const digits = String(units).padStart(places + 1, '0');
  return `${digits.slice(0, -places)}.${digits.slice(-places)}`;
};

describe('what is payable', () => {
  it.each([
    ['1', '47.07', '47.07'],
    ['3', '0.335', '1.01'],
    ['0.001', '5', '0.01'],
    ['0.001', '4.99', '0.00'],
    ['1.005', '1', '1.01'],
    ['2.5', '0.01', '0.03'],
    ['12345678.125', '99999.99', '1234567689043.22'],
  ])('%s × %s is %s', (quantity, price, payable) => expect(payableOf(quantity, price)).toBe(payable));

  it('is quantity × price to the nearest cent, and up from the middle, with exact arithmetic [S9]', () => {
    fc.assert(
      fc.property(thousandths, cents, (quantity, price) => {
        // In thousandths of a cent: half a cent is 500 of them.
        const expected = (quantity * price + 500n) / 1000n;
        return payableOf(asDecimal(quantity, 3), asDecimal(price, 2)) === asDecimal(expected, 2);
      }),
    );
  });

  it('has a limit', () => expect(() => payableOf('999999999999', '9999999')).toThrow(AppError));
});

describe('the terms of a new purchase', () => {
  const days = { today: '2024-01-31', termDays: 30 };
  const plain = { guidePrice: '60.00', annualFee: null, serviceMonths: null };
  const served = { guidePrice: '60.00', annualFee: '12.00', serviceMonths: 13 };

  it('fill in price, day and due date [S11]', () => {
    expect(newTerms({ quantity: '2' }, plain, days)).toEqual({
      ...{ quantity: '2', unitPrice: '60.00', soldOn: '2024-01-31', dueOn: '2024-03-01' },
      ...{ annualFee: null, serviceEndsOn: null, remind: false },
    });
  });

  it('fill in the service that the product comes with, and remind of it [S18]', () => {
    expect(newTerms({ quantity: '1' }, served, days)).toMatchObject({
      ...{ annualFee: '12.00', serviceEndsOn: '2025-02-28', remind: true },
    });
  });

  it('leave what is said', () => {
    const said = {
      ...{ quantity: '1', unitPrice: '0', soldOn: '2023-05-01', dueOn: '2023-05-02' },
      ...{ annualFee: '7', serviceEndsOn: '2024-05-01', remind: false },
    };
    expect(newTerms(said, served, days)).toEqual(said);
  });

  it('remind of no fee that is nothing, and of none without an end', () => {
    expect(newTerms({ quantity: '1', annualFee: '0' }, served, days).remind).toBe(false);
    expect(newTerms({ quantity: '1', annualFee: '9' }, plain, days).remind).toBe(false);
  });
});

it('refuses a day to come, and takes today', () => {
  expect(() => assertNotInFuture('2024-02-01', '2024-01-31', '/soldOn')).toThrow('date-in-future');
  expect(() => assertNotInFuture('2024-01-31', '2024-01-31', '/soldOn')).not.toThrow();
});

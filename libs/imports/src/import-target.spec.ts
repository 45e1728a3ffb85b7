import { AppError } from '#contracts/errors';
import { faultsOf } from './import-target.js';

describe('faultsOf', () => {
  it('says of the column what a rule says of the field', () => {
    const errors = [{ pointer: '/unitPrice', code: 'overpaid', message: 'Too much' }];
    expect(faultsOf(7, new AppError('rule-violated', 'overpaid', { errors }))).toEqual([
      { row: 7, field: 'unit_price', code: 'overpaid', message: 'Too much' },
    ]);
  });

  it('says of the row what is not about a field', () => {
    expect(faultsOf(7, new AppError('conflict', 'already-voided'))).toEqual([
      { row: 7, field: null, code: 'already-voided', message: 'already voided' },
    ]);
  });

  it.each([new AppError('unavailable', 'no-responders'), new TypeError('a fault in the code')])(
    'throws %s again',
    (error) => expect(() => faultsOf(7, error)).toThrow(error),
  );
});

import { Money, Quantity, line } from './common.js';
import { CustomerPatch, NewCustomer } from './customers.js';
import { NewDelegation } from './delegations.js';
import { AppError, ErrorBody, parseOrThrow } from './errors.js';
import { NewPayment } from './sales.js';

const faults = (schema: Parameters<typeof parseOrThrow>[0], input: unknown) => {
  try {
    parseOrThrow(schema, input);
  } catch (error) {
    return (error as AppError).details['errors'];
  }
  return [];
};

describe('validation', () => {
  it('names each missing required field', () => {
    expect(faults(NewCustomer, {})).toEqual([
      expect.objectContaining({ pointer: '/name', code: 'required' }),
      expect.objectContaining({ pointer: '/keyword', code: 'required' }),
    ]);
  });

  it('refuses an unknown field by its name', () => {
    expect(faults(NewCustomer, { name: '中兴', keyword: '中兴', onwer: 'x' })).toEqual([
      expect.objectContaining({ pointer: '/onwer', code: 'unknown-field' }),
    ]);
  });

  it('never changes the owner through a patch', () => {
    expect(faults(CustomerPatch, { ownerId: '0192f0c1-2b3c-7d4e-8f5a-6b7c8d9e0f1a' })).toHaveLength(1);
  });

  it('lets a patch clear what is optional, and only that', () => {
    expect(faults(CustomerPatch, { phone: null })).toEqual([]);
    expect(faults(CustomerPatch, { name: null })).toHaveLength(1);
  });

  it.each(['\u0000', 'a\u0007b', '\ud800', '   ', ''])('refuses %j as a line of text', (text) => {
    expect(line().safeParse(text).success).toBe(false);
  });
});

describe('money and quantity', () => {
  it.each(['2', '0.125', '1000.5'])('takes %s as a quantity [S7]', (text) =>
    expect(Quantity.safeParse(text).success).toBe(true),
  );
  it.each(['0', '12.5', '1234.50', '-3.00'])('takes %s as money [S7]', (text) =>
    expect(Money.safeParse(text).success).toBe(true),
  );
  it.each([12.5, '1e3', '1.234', '', 'NaN', '1,000.00', '+1'])('refuses %p as money [S7]', (value) =>
    expect(Money.safeParse(value).success).toBe(false),
  );
  it.each(['0', '0.000', '-1', '1.2345', 2])('refuses %p as a quantity [S7]', (text) =>
    expect(Quantity.safeParse(text).success).toBe(false),
  );
});

describe('either … or', () => {
  const delegateId = '0192f0c1-2b3c-7d4e-8f5a-6b7c8d9e0f1a';
  it('wants customers or everything in a delegation, not both and not neither', () => {
    expect(faults(NewDelegation, { delegateId, reason: 'leave' })).toHaveLength(1);
    expect(
      faults(NewDelegation, { delegateId, reason: 'leave', scope: 'all', customerIds: [delegateId] }),
    ).toHaveLength(1);
    expect(faults(NewDelegation, { delegateId, reason: 'leave', scope: 'all' })).toEqual([]);
  });

  it('wants an amount or the payment to reverse', () => {
    expect(faults(NewPayment, {})).toHaveLength(1);
    expect(faults(NewPayment, { amount: '0.00' })).toHaveLength(1);
    expect(faults(NewPayment, { amount: '-5.00' })).toEqual([]);
  });
});

it('carries an error over the bus and back', () => {
  const error = new AppError('conflict', 'possible-duplicate', { total: 1 });
  const back = AppError.from(ErrorBody.parse(JSON.parse(JSON.stringify(error.toBody()))));
  expect(back).toMatchObject({ kind: 'conflict', slug: 'possible-duplicate', details: { total: 1 } });
});

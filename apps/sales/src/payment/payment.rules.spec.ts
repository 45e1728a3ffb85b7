import type { Payment } from './payment.entity.js';
import { reversalOf } from './payment.rules.js';

const original = { id: 'a', amount: '12.50', paidOn: '2024-05-01', method: 'cash', reversesId: null } as Payment;

describe('a reversal', () => {
  it('takes back the whole entry, in the way that the money came [S15]', () => {
    expect(reversalOf(original, false, { paidOn: '2024-05-02' })).toEqual({
      ...{ amount: '-12.50', paidOn: '2024-05-02', method: 'cash', reversesId: 'a' },
    });
  });

  it('of a refund brings the money back', () => {
    const refund = { ...original, amount: '-3.00' } as Payment;
    expect(reversalOf(refund, false, { paidOn: '2024-05-01', method: 'card' })).toMatchObject({
      ...{ amount: '3.00', method: 'card' },
    });
  });

  it('happens once, not to a reversal, and not before the entry', () => {
    const entry = { paidOn: '2024-05-02' };
    expect(() => reversalOf(original, true, entry)).toThrow('conflict/already-reversed');
    expect(() => reversalOf({ ...original, reversesId: 'b' }, false, entry)).toThrow('reversal-of-reversal');
    expect(() => reversalOf(original, false, { paidOn: '2024-04-30' })).toThrow('before-original');
  });
});

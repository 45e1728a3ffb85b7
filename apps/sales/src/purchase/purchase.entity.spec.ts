import fc from 'fast-check';
import { AppError, type FieldFault } from '#contracts/errors';
import { exact } from '../money.js';
import { Product } from '../product/product.entity.js';
import { Purchase } from './purchase.entity.js';
import type { SaleTerms } from './purchase.rules.js';

const now = new Date('2024-05-31T04:00:00Z');
const product = (more: Partial<Product> = {}) =>
  Product.create(
    crypto.randomUUID(),
    {
      ...{ code: 'INV', name: '开票服务', categoryId: null, unit: '单', guidePrice: '60', kind: 'service' as const },
      ...{ annualFee: null, serviceMonths: null, serviceFeeLead: null, active: true, ...more },
    },
    now,
  );
const terms: SaleTerms = {
  ...{ quantity: '2', unitPrice: '50', soldOn: '2024-05-01', dueOn: '2024-05-31' },
  ...{ annualFee: null, serviceEndsOn: null, remind: false },
};
const purchase = (more: Partial<SaleTerms> = {}) =>
  Purchase.record(
    { id: crypto.randomUUID(), customerId: crypto.randomUUID(), soldById: crypto.randomUUID() },
    product(),
    { ...terms, ...more },
    now,
  );

/** What an act is refused with: slug, and the field that it names. */
function refusal(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const [fault] = (error.details['errors'] as FieldFault[] | undefined) ?? [];
    return `${error.slug}${fault ? ` ${fault.pointer}` : ''}`;
  }
  return 'done';
}

describe('a purchase', () => {
  it('keeps the guide price, and reckons what is payable and owed [S9]', () => {
    const made = purchase();
    expect(made).toMatchObject({ guidePrice: '60.00', unitPrice: '50.00', payable: '100.00', paid: '0.00' });
    expect([made.balance, made.inArrears, made.version]).toEqual(['100.00', true, 1]);
  });

  it('is in arrears by itself, exactly while less is paid than is payable [S10]', () => {
    const made = purchase();
    const after = (amount: string) => {
      made.credit(amount, '/amount');
      return [made.balance, made.inArrears];
    };
    expect(after('99.99')).toEqual(['0.01', true]);
    expect(after('0.01')).toEqual(['0.00', false]);
    expect(after('-0.01')).toEqual(['0.01', true]);
  });

  it('is not made of a product that is not sold any more', () => {
    const gone = product({ active: false });
    const origin = { id: 'p', customerId: 'c', soldById: 's' };
    expect(refusal(() => Purchase.record(origin, gone, terms, now))).toBe('product-inactive /productId');
  });

  it('is due no earlier than sold, and reminds only of a fee with an end', () => {
    expect(refusal(() => purchase({ dueOn: '2024-04-30' }))).toBe('due-before-sale /dueOn');
    expect(refusal(() => purchase({ remind: true, annualFee: '5' }))).toBe('validation /remind');
    expect(refusal(() => purchase({ remind: true, annualFee: '5', serviceEndsOn: '2025-01-01' }))).toBe('done');
  });

  it('takes money up to what is payable, and gives back no more than was paid [S16]', () => {
    const made = purchase();
    expect(refusal(() => made.credit('100.01', '/amount'))).toBe('overpaid /amount');
    made.credit('100', '/amount');
    expect([made.paid, made.inArrears]).toEqual(['100.00', false]);
    expect(refusal(() => made.credit('0.01', '/amount'))).toBe('overpaid /amount');
    made.credit('-100', '/amount');
    expect(refusal(() => made.credit('-0.01', '/amount'))).toBe('underpaid /amount');
  });

  it('never holds less than nothing or more than is payable, whatever comes [S16]', () => {
    const amounts = fc.array(fc.integer({ min: -20_000, max: 20_000 }), { maxLength: 30 });
    fc.assert(
      fc.property(amounts, (cents) => {
        const made = purchase();
        let booked = 0;
        for (const amount of cents) {
          const fits = booked + amount >= 0 && booked + amount <= 10_000;
          const outcome = refusal(() => made.credit((amount / 100).toFixed(2), '/amount'));
          expect(outcome === 'done').toBe(fits);
          if (fits) booked += amount;
        }
        expect(made.paid).toBe((booked / 100).toFixed(2));
        expect(made.balance).toBe(((10_000 - booked) / 100).toFixed(2));
      }),
    );
  });

  it('is corrected, but not below what is paid', () => {
    const made = purchase();
    made.credit('80', '/amount');
    expect(refusal(() => made.correct({ unitPrice: '39.99' }, now))).toBe('overpaid /unitPrice');
    expect(refusal(() => made.correct({ quantity: '1.5' }, now))).toBe('overpaid /quantity');
    expect(made.correct({ quantity: '1.6' }, now)).toBe(true);
    expect([made.payable, made.version]).toEqual(['80.00', 2]);
  });

  it('is not changed by a correction that says what stands there', () => {
    const made = purchase();
    expect(made.correct({ quantity: '2.000', unitPrice: '50.0' }, now)).toBe(false);
    expect(made.version).toBe(1);
  });

  it('forgets to remind when the fee goes, unless it is asked to all the same', () => {
    const served = { annualFee: '5', serviceEndsOn: '2025-01-01', remind: true };
    const made = purchase(served);
    made.correct({ annualFee: null }, now);
    expect([made.annualFee, made.remind]).toEqual([null, false]);
    expect(refusal(() => purchase(served).correct({ serviceEndsOn: null, remind: true }, now))).toBe(
      'validation /remind',
    );
  });

  it('is voided without money on it, not before it was sold, once, and then stands [S13]', () => {
    const made = purchase();
    made.credit('1', '/amount');
    expect(refusal(() => made.void('wrong customer', '2024-05-31', now))).toBe('money-booked');
    made.credit('-1', '/amount');
    expect(refusal(() => made.void('wrong customer', '2024-04-30', now))).toBe('voided-before-sale /voidedOn');
    made.void('wrong customer', '2024-05-02', now);
    expect([made.voidedOn, made.voidReason, made.inArrears]).toEqual(['2024-05-02', 'wrong customer', false]);
    expect(refusal(() => made.void('again', '2024-05-31', now))).toBe('already-voided');
    expect(refusal(() => made.credit('1', '/amount'))).toBe('purchase-voided');
    expect(refusal(() => made.correct({ unitPrice: '1' }, now))).toBe('purchase-voided');
    expect(exact(made.balance).toFixed()).toBe('100');
  });
});

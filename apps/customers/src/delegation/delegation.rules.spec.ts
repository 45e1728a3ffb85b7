import fc from 'fast-check';
import { checkDelegation, type WantedDelegation } from './delegation.rules.js';

const NOW = new Date('2026-03-01T12:00:00Z');
const person = { role: 'salesperson' as const, active: true };
const people = { owner: person, delegate: person };
const wanted: WantedDelegation = { ownerId: 'a', delegateId: 'b', startsAt: NOW, endsAt: null };
const check = (more: Partial<WantedDelegation>, who: Partial<typeof people> | object = {}) =>
  checkDelegation({ ...wanted, ...more }, { ...people, ...who }, NOW);

describe('a delegation', () => {
  it('may be open at its end', () => expect(() => check({})).not.toThrow());

  it('is not given to oneself, to a disabled or unknown user, or to finance [C44]', () => {
    expect(() => check({ delegateId: 'a' })).toThrow('rule-violated/delegation-to-oneself');
    expect(() => check({}, { delegate: { ...person, active: false } })).toThrow('rule-violated/delegate-disabled');
    expect(() => check({}, { delegate: { ...person, role: 'finance' } })).toThrow('rule-violated/delegate-may-not-act');
    expect(() => check({}, { delegate: undefined })).toThrow('invalid/validation');
    expect(() => check({}, { owner: { ...person, active: false } })).toThrow('rule-violated/owner-disabled');
  });

  it('lasts: it ends after it has started, and after now [C44]', () => {
    const moment = fc.date({ min: new Date('2026-01-01'), max: new Date('2026-06-01'), noInvalidDate: true });
    fc.assert(
      fc.property(moment, moment, (startsAt, endsAt) => {
        const allowed = endsAt > startsAt && endsAt > NOW;
        if (allowed) expect(() => check({ startsAt, endsAt })).not.toThrow();
        else expect(() => check({ startsAt, endsAt })).toThrow(/rule-violated\/delegation-ends-/);
      }),
    );
  });
});

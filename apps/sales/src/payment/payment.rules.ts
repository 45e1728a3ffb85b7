import { AppError } from '#contracts/errors';
import { ruleViolated } from '../faults.js';
import { exact, money } from '../money.js';
import type { LedgerEntry, Payment } from './payment.entity.js';

/**
 * The entry that takes another back. Errors: `rule-violated/reversal-of-reversal`; `conflict/already-reversed`;
 * `rule-violated/before-original`.
 */
export function reversalOf(
  original: Payment,
  reversed: boolean,
  entry: Pick<LedgerEntry, 'paidOn' | 'reference' | 'note'> & { method?: LedgerEntry['method'] },
): LedgerEntry {
  if (original.reversesId !== null) {
    throw ruleViolated('reversal-of-reversal', '/reversesId', 'A reversal is not reversed: book the payment again');
  }
  if (reversed) throw new AppError('conflict', 'already-reversed');
  // Otherwise the books of the days between would show money that went before it came.
  if (entry.paidOn < original.paidOn) {
    throw ruleViolated('before-original', '/paidOn', 'Not before the payment that it reverses');
  }
  const amount = money(exact(original.amount).negated());
  return { ...entry, method: entry.method ?? original.method, amount, reversesId: original.id };
}

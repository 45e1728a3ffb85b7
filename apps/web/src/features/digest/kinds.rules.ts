import type { User } from '#contracts/auth';
import type { DigestKind } from './digest.queries.js';

/** Which digests make sense for a role; the API judges it again. */
export function kindsOf(role: User['role']): DigestKind[] {
  if (role === 'administrator') return ['finance', 'manager', 'salesperson'];
  if (role === 'manager') return ['manager', 'salesperson'];
  return [role === 'finance' ? 'finance' : 'salesperson'];
}

import { AppError } from '#contracts/errors';
import { fieldFault } from '../field-fault.js';

/** As many customers as one event may name. */
export const CHUNK = 500;

export interface Move {
  id: string;
  fromOwnerId: string;
  toOwnerId: string;
  /** The customer's last transfer after the move. */
  transferId: string | null;
}

/** Which customers a request means: those named, or all of one owner's. */
export function selected({ customerIds, fromUserId }: { customerIds?: string[]; fromUserId?: string }) {
  if (customerIds && !fromUserId) return { ids: [...new Set(customerIds)] };
  if (fromUserId && !customerIds) return { ownerId: fromUserId };
  throw fieldFault('/customerIds', 'either-or', 'Either customerIds or fromUserId');
}

/** Errors: `rule-violated/already-owner`. */
export function checkTarget(toUserId: string, customers: readonly { ownerId: string }[]): void {
  if (customers.some(({ ownerId }) => ownerId === toUserId)) throw new AppError('rule-violated', 'already-owner');
}

/** What an undo depends on. */
export interface Undoable {
  id: string;
  undoneAt: Date | null;
  /** Whether the seven days are still running. */
  inTime: boolean;
}

/**
 * Errors: `conflict/already-undone`, `rule-violated/undo-too-late`; `rule-violated/moved-again` if one of the customers
 * went on to somebody else, or was deleted.
 */
export function checkUndo(
  transfer: Undoable,
  customers: readonly { lastTransferId: string | null; deleted: boolean }[],
): void {
  if (transfer.undoneAt) throw new AppError('conflict', 'already-undone');
  if (!transfer.inTime) throw new AppError('rule-violated', 'undo-too-late');
  if (customers.some(({ lastTransferId, deleted }) => deleted || lastTransferId !== transfer.id)) {
    throw new AppError('rule-violated', 'moved-again');
  }
}

/** Moves as events name them: neighbours by owners, so that an event names few owners, and each owner few events. */
export function chunked(moves: readonly Move[], size = CHUNK): Move[][] {
  const key = ({ fromOwnerId, toOwnerId, id }: Move) => `${fromOwnerId} ${toOwnerId} ${id}`;
  const sorted = [...moves].sort((a, b) => (key(a) < key(b) ? -1 : 1));
  return Array.from({ length: Math.ceil(sorted.length / size) }, (_, n) => sorted.slice(n * size, (n + 1) * size));
}

/** Each owner that moves concern, once. */
export function ownersOf(moves: readonly Move[]): string[] {
  return [...new Set(moves.flatMap(({ fromOwnerId, toOwnerId }) => [fromOwnerId, toOwnerId]))].sort();
}

import { useSyncExternalStore } from 'react';
import type { User } from '#contracts/auth';

export type SessionState =
  | { phase: 'starting' }
  | { phase: 'signed-out' }
  | { phase: 'signed-in'; user: User }
  /** It ended while the page was in use: the page stays as it is, with all that was typed, until he signs in again. */
  | { phase: 'lapsed'; user: User };

let state: SessionState = { phase: 'starting' };
const listeners = new Set<() => void>();

export const useSessionState = (): SessionState => useSyncExternalStore(subscribe, () => state);

/** Of whoever is signed in; only pages that are shown to such a one ask. */
export function useUser(): User {
  const now = useSessionState();
  if (now.phase === 'signed-in' || now.phase === 'lapsed') return now.user;
  throw new Error('Nobody is signed in');
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function become(next: SessionState): void {
  state = next;
  for (const tell of listeners) tell();
}

export function enter(user: User): void {
  // Nobody goes on in another's page.
  const other = 'user' in state && state.user.id !== user.id;
  become({ phase: 'signed-in', user });
  if (other) location.assign('/');
}

/** The session has ended, or there is none. */
export const lapse = (): void =>
  become('user' in state ? { phase: 'lapsed', user: state.user } : { phase: 'signed-out' });

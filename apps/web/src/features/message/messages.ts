import { useSyncExternalStore } from 'react';
import { now } from '../../app/clock.js';

/** What takes an operation back, in a form that outlives a reload. */
export interface Undo {
  kind: 'restore-customer' | 'undo-transfer' | 'undo-hand-over' | 'revoke-delegation';
  id: string;
}

export interface Message {
  id: string;
  /** When, in ms. */
  at: number;
  ok: boolean;
  /** What was to be done, in the language of that moment. */
  what: string;
  /** Why it failed. */
  reason?: string;
  undo?: Undo;
  undone?: boolean;
}

const KEPT = 500;
const KEY = 'hfx.messages';
const listeners = new Set<() => void>();
let messages = read();

/** Of this tab: they survive a reload and end with it. */
function read(): Message[] {
  return JSON.parse(sessionStorage.getItem(KEY) ?? '[]') as Message[];
}

function become(next: Message[]): void {
  messages = next.slice(0, KEPT);
  sessionStorage.setItem(KEY, JSON.stringify(messages));
  for (const tell of listeners) tell();
}

/** Newest first. */
export function report(message: Omit<Message, 'id' | 'at'>): void {
  become([{ ...message, id: crypto.randomUUID(), at: now() }, ...messages]);
}

export function markUndone(id: string): void {
  become(messages.map((one) => (one.id === id ? { ...one, undone: true } : one)));
}

export const clearMessages = (): void => become([]);

export const useMessages = (): Message[] =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => messages,
  );

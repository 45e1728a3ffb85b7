import { useSyncExternalStore } from 'react';
import type { Shade } from './theme.js';

export const LANGUAGES = ['zh-Hans', 'zh-Hant', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Each language by its own name, so that it is found from any other. */
export const LANGUAGE_NAMES: Record<Language, string> = { 'zh-Hans': '简体中文', 'zh-Hant': '繁體中文', en: 'English' };

export interface Preferences {
  language: Language;
  shade: Shade;
}

const KEY = 'hfx.preferences';
const listeners = new Set<() => void>();
let current = read();

/** What this browser was told last, and before that what it says of itself. */
function read(): Preferences {
  const kept = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Preferences>;
  return {
    language: kept.language ?? spoken(navigator.languages),
    shade: kept.shade ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'),
  };
}

export function spoken(languages: readonly string[]): Language {
  for (const tag of languages) {
    if (/^zh-(hant|tw|hk|mo)/i.test(tag)) return 'zh-Hant';
    if (/^zh/i.test(tag)) return 'zh-Hans';
    if (/^en/i.test(tag)) return 'en';
  }
  return 'zh-Hans';
}

export const preferences = (): Preferences => current;

export function prefer(change: Partial<Preferences>): void {
  current = { ...current, ...change };
  localStorage.setItem(KEY, JSON.stringify(current));
  for (const tell of listeners) tell();
}

export const usePreferences = (): Preferences => useSyncExternalStore(subscribe, preferences);

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

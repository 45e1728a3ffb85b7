import { useState } from 'react';

/** State that outlives a reload, under a name of its own. */
export function useKept<T>(name: string, initial: T): [T, (value: T) => void] {
  const key = `hfx.draft.${name}`;
  const [value, setValue] = useState<T>(() => {
    const kept = localStorage.getItem(key);
    return kept === null ? initial : (JSON.parse(kept) as T);
  });
  const keep = (next: T) => {
    if (Array.isArray(next) && next.length === 0) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(next));
    setValue(next);
  };
  return [value, keep];
}

import { useEffect, useSyncExternalStore } from 'react';

/** Something that can be done now: by its key, from the palette, or from a menu that names it. */
export interface Command {
  id: string;
  label: string;
  /** `n`, `mod+k`, `shift+f10`; a lone letter counts only outside of fields and dialogs. */
  keys?: string;
  run: () => void;
}

const offered = new Map<symbol, Command[]>();
const listeners = new Set<() => void>();
let all: Command[] = [];

function change(): void {
  all = [...offered.values()].flat();
  for (const tell of listeners) tell();
}

/** Offers these commands while the component is there. */
export function useCommands(commands: Command[]): void {
  useEffect(() => {
    const key = Symbol('commands');
    offered.set(key, commands);
    change();
    return () => {
      offered.delete(key);
      change();
    };
  }, [commands]);
}

export const useAllCommands = (): Command[] =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => all,
  );

const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** Calls the command whose keys were pressed. */
export function listenForKeys(): () => void {
  const onKey = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing) return;
    const keys = keysOf(event);
    if (!keys.includes('mod+') && busy(event.target)) return;
    const command = all.find((one) => one.keys === keys);
    if (!command) return;
    event.preventDefault();
    command.run();
  };
  window.addEventListener('keydown', onKey);
  return () => window.removeEventListener('keydown', onKey);
}

function keysOf(event: KeyboardEvent): string {
  const mod = isMac ? event.metaKey : event.ctrlKey;
  return `${mod ? 'mod+' : ''}${event.altKey ? 'alt+' : ''}${event.key.toLowerCase()}`;
}

const busy = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    target.closest('input, textarea, select, [role="dialog"], [role="menu"], [role="listbox"]') !== null);

/** As it is written on the keys: ⌘K, Ctrl+K, N. */
export const spelled = (keys: string): string =>
  keys
    .split('+')
    .map((part) =>
      part === 'mod'
        ? isMac
          ? '⌘'
          : 'Ctrl'
        : part.length === 1
          ? part.toUpperCase()
          : part[0]?.toUpperCase() + part.slice(1),
    )
    .join(isMac ? '' : '+');

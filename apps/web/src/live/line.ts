import { useSyncExternalStore } from 'react';
import type { LiveChange } from '#contracts/live';
import { client } from '../api/client.js';
import { readEvents, type ServerEvent } from './event-stream.js';

export type Line = 'connecting' | 'alive' | 'lost';

/** The server says something every 15 seconds; who is silent for so long is gone, in ms. */
const SILENCE = 40_000;
const WAITS = [1_000, 2_000, 5_000, 10_000, 30_000];

let line: Line = 'connecting';
const listeners = new Set<() => void>();
function become(next: Line): void {
  line = next;
  for (const tell of listeners) tell();
}
export const useLine = (): Line =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => line,
  );

/** Follows what changes in the user's view until it is stopped; a line that breaks is taken up where it broke. */
export function follow(onChange: (change: LiveChange) => void, onReset: () => void): () => void {
  const stop = new AbortController();
  void keepFollowing(onChange, onReset, stop.signal);
  return () => stop.abort();
}

async function keepFollowing(onChange: (change: LiveChange) => void, onReset: () => void, stop: AbortSignal) {
  let last: string | undefined;
  let failures = 0;
  const heard = ({ id, event, data }: ServerEvent) => {
    failures = 0;
    if (id !== undefined) last = id;
    if (event === 'reset') onReset();
    if (event !== 'change') return;
    onChange(JSON.parse(data) as LiveChange);
  };
  while (!stop.aborted) {
    const cut = cutBy(stop);
    try {
      const headers: Record<string, string> = { Accept: 'text/event-stream' };
      if (last !== undefined) headers['Last-Event-ID'] = last;
      const response = await client.session.send(new Request('/api/v1/events', { headers, signal: cut.signal }));
      if (!response.ok || !response.body) throw new Error(`events: ${response.status}`);
      // Without a place to take it up, something may have been missed.
      if (failures > 0 && last === undefined) onReset();
      become('alive');
      await readEvents(response.body, heard, SILENCE);
    } catch {
      if (stop.aborted) return;
    } finally {
      cut.release();
    }
    failures++;
    become('lost');
    await pause(WAITS[Math.min(failures, WAITS.length) - 1] ?? 30_000, stop);
  }
}

/** Ends with whoever follows, and when the machine knows that it has no network: long before the silence tells. */
function cutBy(stop: AbortSignal): { signal: AbortSignal; release: () => void } {
  const cut = new AbortController();
  const end = () => cut.abort();
  stop.addEventListener('abort', end);
  window.addEventListener('offline', end);
  const release = () => {
    stop.removeEventListener('abort', end);
    window.removeEventListener('offline', end);
  };
  return { signal: cut.signal, release };
}

function pause(ms: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      window.removeEventListener('online', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    window.addEventListener('online', done);
    stop.addEventListener('abort', done, { once: true });
  });
}

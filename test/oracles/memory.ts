import { readFileSync } from 'node:fs';
import type { LocalSystem } from '#embedded/local-system';
import { SERVICES } from '#contracts/rpc';
import { expectNone } from './kept.js';

/** What each process holds in memory, MB; one that is down is left out. */
export function memoryOf(system: LocalSystem, names: readonly string[] = SERVICES): Map<string, number> {
  return new Map(
    names.flatMap((name) => {
      const { pid } = system.process(name);
      if (pid === undefined) return [];
      const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
      return [[name, Number(kilobytes) / 1_024] as const];
    }),
  );
}

/** No process has grown by more than that, MB. A process that was started anew is measured from nothing. */
export function expectMemoryBounded(before: Map<string, number>, after: Map<string, number>, growth = 150): void {
  const grown = [...after].filter(([name, megabytes]) => megabytes - (before.get(name) ?? 0) > growth);
  expectNone(
    `processes that grew by more than ${growth} MB`,
    grown.map(([name, megabytes]) => `${name}: ${(before.get(name) ?? 0).toFixed()} → ${megabytes.toFixed()} MB`),
  );
}

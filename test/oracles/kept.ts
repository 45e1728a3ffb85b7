import { KINDS } from './kinds.js';
import { isDone, outcomeOf, told, type Operation } from './operation.js';
import type { Witness } from './witness.js';

/** Five seconds, and what a machine under test may add on the client's side. */
export const ANSWERED_WITHIN = 5_000 + 2_000;

/**
 * Acknowledged ⇒ committed; one effect per operation; refused ⇒ nothing; whatever was not answered stands wholly or not
 * at all; whoever asks again is given what he was given before.
 */
export async function expectKept(witness: Witness, record: readonly Operation[]): Promise<void> {
  const wrong: string[] = [];
  for (const [kind, { traces }] of Object.entries(KINDS)) {
    const ours = record.filter((operation) => operation.kind === kind);
    const rows = await witness.rows<{ mark: string; count: number }>(traces, [ours.map(({ mark }) => mark)]);
    const found = new Map(rows.map(({ mark, count }) => [mark, count]));
    for (const operation of ours) {
      const count = found.get(operation.mark) ?? 0;
      if (!allowed(operation, count)) {
        wrong.push(`${outcomeOf(operation)}, with ${count} traces of ${operation.size}: ${told(operation)}`);
      }
      if (new Set(idsGiven(operation)).size > 1) wrong.push(`given several things: ${told(operation)}`);
    }
  }
  expectNone('operations that did not do what was told of them', wrong);
}

function allowed(operation: Operation, count: number): boolean {
  const outcome = outcomeOf(operation);
  if (outcome === 'acknowledged') return count === operation.size;
  // A transfer ends a delegation that its owner may not revoke any more, so that it ends without him.
  if (outcome === 'refused') return count === 0 || operation.kind === 'revoke';
  return count === 0 || count === operation.size;
}

/** What was made, by the answers: the same each time. */
function idsGiven({ attempts }: Operation): string[] {
  return attempts.filter(isDone).flatMap(({ body }) => {
    const { id, items } = (body ?? {}) as { id?: string; items?: { id: string }[] };
    return id ?? items?.map((item) => item.id).join() ?? [];
  });
}

/** Whatever happened meanwhile, every call got an answer in time; while the gateway itself is away, none may come. */
export function expectAnswered(record: readonly Operation[], { gatewayAway = false } = {}): void {
  const late = record.filter(({ attempts }) =>
    attempts.some(({ status, ms }) => ms > ANSWERED_WITHIN || (status === undefined && !gatewayAway)),
  );
  expectNone('operations that were not answered in time', late.map(told));
}

/** Without a fault nobody hears of one. */
export function expectUnharmed(record: readonly Operation[]): void {
  const harmed = record.filter(({ attempts }) => attempts.some(({ status = 500 }) => status >= 500));
  expectNone('operations that failed', harmed.map(told));
}

/** Fails naming the first few, in a message that a test's name can't hold. */
export function expectNone(what: string, found: readonly string[]): void {
  if (found.length === 0) return;
  throw new Error(`${found.length} ${what}:\n${found.slice(0, 10).join('\n')}`);
}

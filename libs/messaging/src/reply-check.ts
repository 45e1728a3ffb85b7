import { AppError } from '#contracts/errors';
import type { Rpc } from '#contracts/rpc';

/**
 * Throws `internal/reply-breaks-contract` if a reply doesn't fit its contract, or holds something that the contract
 * doesn't name: the gateway passes replies on as they are, so whatever is too much in one leaks.
 */
export function assertKeepsContract(rpc: Rpc, reply: unknown): void {
  const sent: unknown = JSON.parse(JSON.stringify(reply ?? null));
  const parsed = rpc.output.safeParse(sent);
  const faults = parsed.success
    ? unnamed(sent, parsed.data).map((path) => `${path} is not in the contract`)
    : parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  if (faults.length === 0) return;
  const error = new AppError('internal', 'reply-breaks-contract', { subject: rpc.subject, faults });
  error.message += ` ${rpc.subject}: ${faults.join('; ')}`;
  throw error;
}

/** Paths of what is in `sent` and was dropped by parsing. */
function unnamed(sent: unknown, parsed: unknown, path = ''): string[] {
  if (typeof sent !== 'object' || sent === null || typeof parsed !== 'object' || parsed === null) return [];
  return Object.entries(sent).flatMap(([key, value]) =>
    key in parsed ? unnamed(value, (parsed as Record<string, unknown>)[key], `${path}/${key}`) : [`${path}/${key}`],
  );
}

import type { DigestContent } from '#contracts/billing';
import type { Scope } from '#contracts/context';

/** Whom a digest names by himself. */
export const namedIn = ({ topDebtors, followUps }: DigestContent): string[] =>
  [...topDebtors, ...(followUps?.items ?? [])].map(({ customerId }) => customerId);

/** A digest as it was sent, less the customers and the salespeople that its reader doesn't see any more. */
export function asSeen(content: DigestContent, scope: Scope, customers: ReadonlySet<string>): DigestContent {
  const { summary, topDebtors, followUps } = content;
  const seen = ({ customerId }: { customerId: string }) => customers.has(customerId);
  const owners = scope.all ? undefined : new Set(scope.owners.map(({ id }) => id));
  return {
    ...content,
    summary: {
      ...summary,
      ...(summary.owners && { owners: summary.owners.filter(({ ownerId }) => !owners || owners.has(ownerId)) }),
    },
    topDebtors: topDebtors.filter(seen),
    ...(followUps && { followUps: { ...followUps, items: followUps.items.filter(seen) } }),
  };
}

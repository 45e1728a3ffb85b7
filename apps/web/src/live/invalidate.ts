import type { QueryClient } from '@tanstack/react-query';
import type { LiveChange } from '#contracts/live';

/** Which queries a change of a resource makes out of date, by their first keys. */
const TOUCHES: Record<LiveChange['resource'], string[]> = {
  contact: ['contacts', 'customers', 'log'],
  customer: ['customers', 'customer', 'customer-statuses', 'customer-tags', 'contacts', 'log'],
  delegation: ['delegations', 'customers', 'customer-statuses', 'arrears', 'service-fees', 'reminders', 'log'],
  'follow-up': ['log', 'follow-ups', 'customers'],
  product: ['products', 'product-categories'],
  purchase: ['purchases', 'last-prices', 'log', 'arrears', 'service-fees', 'reminders'],
  payment: ['purchases', 'payments', 'log', 'arrears', 'service-fees', 'reminders'],
  quote: ['quotes', 'last-prices', 'log'],
  reminder: ['reminders', 'arrears', 'service-fees', 'log'],
  status: ['customer-statuses', 'customers', 'customer'],
  team: ['teams'],
  user: ['users'],
};
/** Many changes in a moment are one refresh, ms. */
const TOGETHER = 300;

/** Marks queries as out of date, a moment later and all together. */
export function invalidator(queries: QueryClient) {
  let due = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = () => {
    const roots = due;
    due = new Set();
    timer = undefined;
    void queries.invalidateQueries({ predicate: ({ queryKey }) => roots.has(String(queryKey[0])) });
  };
  return {
    changed: ({ resource }: LiveChange) => {
      // A newer server may tell of what this page doesn't know yet.
      for (const root of TOUCHES[resource] ?? []) due.add(root);
      timer ??= setTimeout(flush, TOGETHER);
    },
    everything: () => void queries.invalidateQueries(),
    stop: () => clearTimeout(timer),
  };
}

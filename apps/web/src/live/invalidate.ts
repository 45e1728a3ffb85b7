import type { QueryClient } from '@tanstack/react-query';
import type { Change } from './line.js';

/** Which queries a change of a resource makes out of date, by their first keys; others than its own name. */
const TOUCHES: Record<string, string[]> = {
  customer: ['customers', 'customer', 'customer-statuses', 'log', 'customer-tags'],
  'customer-status': ['customer-statuses'],
  contact: ['contacts', 'log'],
  'follow-up': ['log', 'follow-ups'],
  quote: ['quotes', 'log'],
  purchase: ['purchases', 'log', 'arrears', 'service-fees', 'reminders'],
  payment: ['purchases', 'payments', 'log', 'arrears', 'service-fees', 'reminders'],
  reminder: ['reminders', 'arrears', 'service-fees'],
  transfer: ['customers', 'customer', 'customer-statuses', 'arrears', 'service-fees', 'reminders', 'transfers'],
  delegation: ['delegations', 'customers', 'customer-statuses', 'arrears', 'service-fees', 'reminders'],
  'dunning-notice': ['dunning-notices', 'log'],
  category: ['product-categories'],
  product: ['products'],
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
    changed: ({ resource }: Change) => {
      for (const root of TOUCHES[resource] ?? [`${resource}s`]) due.add(root);
      timer ??= setTimeout(flush, TOGETHER);
    },
    everything: () => void queries.invalidateQueries(),
    stop: () => clearTimeout(timer),
  };
}

import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router';

/** What the screen shows, kept in its address: a reload, a link and the back button all know it. */
export interface CustomersState {
  /** The chosen status, of zone 1. */
  status?: string;
  /** The chosen customer, whom zones 4–8 are about. */
  customer?: string;
  /** The open tab of zones 4–9. */
  tab?: string;
  q?: string;
  sort?: string;
  owner?: string;
  team?: string;
  tag?: string;
  relation?: string;
  createdFrom?: string;
  createdTo?: string;
  noFollowUpSince?: string;
  deleted?: string;
  /** The form: a new customer, or the one that is edited. */
  create?: string;
  edit?: string;
}

/** A saved view as the screen shows it: its own filters and no others. */
export function stateOf(query: Record<string, unknown>): CustomersState {
  const text = (value: unknown) => (typeof value === 'boolean' ? String(value) : (value as string | undefined));
  const [tag] = [query['tag']].flat();
  return {
    status: text(query['statusId']),
    owner: text(query['ownerId']),
    team: text(query['teamId']),
    tag: text(tag),
    q: text(query['q']),
    sort: text(query['sort']),
    relation: text(query['relation']),
    createdFrom: text(query['createdFrom']),
    createdTo: text(query['createdTo']),
    noFollowUpSince: text(query['noFollowUpSince']),
    deleted: text(query['deleted']),
  };
}

export function useCustomersState(): { state: CustomersState; set: (change: CustomersState) => void } {
  const [params, setParams] = useSearchParams();
  const state = useMemo(() => Object.fromEntries(params) as CustomersState, [params]);
  const set = useCallback(
    (change: CustomersState) =>
      setParams(
        (before) => {
          const next = new URLSearchParams(before);
          for (const [name, value] of Object.entries(change)) {
            if (value === undefined) next.delete(name);
            else next.set(name, value as string);
          }
          return next;
        },
        { replace: true },
      ),
    [setParams],
  );
  return { state, set };
}

import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import { useMemo } from 'react';

/** A list that comes page by page while one scrolls, as a `DataGrid` takes it. */
export function useEndless<Row>(list: UseInfiniteQueryResult<InfiniteData<{ items: Row[] }>>) {
  const { data, isFetchingNextPage, isFetchingPreviousPage } = list;
  const rows = useMemo(() => data?.pages.flatMap(({ items }) => items) ?? [], [data]);
  // Each page before the last one is full.
  const trail = data?.pageParams[0];
  const before = Array.isArray(trail) ? (trail.length - 1) * (data?.pages[0]?.items.length ?? 0) : 0;
  const busy = isFetchingNextPage || isFetchingPreviousPage;
  const onEnd = () => {
    if (list.hasNextPage && !busy) void list.fetchNextPage();
  };
  const onStart = () => {
    if (list.hasPreviousPage && !busy) void list.fetchPreviousPage();
  };
  const settled = !list.isFetching && !list.isError;
  return { rows, before, more: list.hasNextPage, loading: list.isPending, settled, onEnd, onStart };
}

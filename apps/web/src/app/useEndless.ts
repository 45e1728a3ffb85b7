import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import { useMemo } from 'react';

/** A list that comes page by page while one scrolls, as a `DataGrid` takes it. */
export function useEndless<Row>(list: UseInfiniteQueryResult<InfiniteData<{ items: Row[] }>>) {
  const rows = useMemo(() => list.data?.pages.flatMap(({ items }) => items) ?? [], [list.data]);
  const onEnd = () => {
    if (list.hasNextPage && !list.isFetchingNextPage) void list.fetchNextPage();
  };
  return { rows, loading: list.isPending, onEnd };
}

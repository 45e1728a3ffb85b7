/** How the API's lists go on: each page says where the next one begins. */
export const paged = {
  initialPageParam: undefined as string | undefined,
  getNextPageParam: ({ nextCursor }: { nextCursor: string | null }) => nextCursor ?? undefined,
};

/** Where a page begins: the cursors of all pages down to it, by which one finds back. */
type Trail = (string | undefined)[];

/** A list of any length, of which only the pages about the one that is looked at are kept. */
export const windowed = {
  maxPages: 5,
  initialPageParam: [undefined] as Trail,
  getNextPageParam: ({ nextCursor }: { nextCursor: string | null }, _pages: unknown, trail: Trail) =>
    nextCursor === null ? undefined : [...trail, nextCursor],
  getPreviousPageParam: (_page: unknown, _pages: unknown, trail: Trail) =>
    trail.length > 1 ? trail.slice(0, -1) : undefined,
};

/** The ids in their order after one has got its new place; one beyond the end is the end. */
export function reordered(ids: readonly string[], id: string, position: number): string[] {
  const others = ids.filter((other) => other !== id);
  return [...others.slice(0, position), id, ...others.slice(position)];
}

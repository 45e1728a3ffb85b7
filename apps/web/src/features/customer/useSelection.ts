import { useMemo, useState } from 'react';

export interface Selection<Row> {
  rows: Row[];
  clear: () => void;
}

/** What is selected in a list of which only some pages are kept; another list (`name`) has a selection of its own. */
export function useSelection<Row extends { id: string }>(
  { rows, before, more }: { rows: Row[]; before: number; more: boolean },
  name: string,
) {
  const [made, setMade] = useState<{ name: string; rows: Row[] }>({ name, rows: [] });
  const here = useMemo(() => new Map(rows.map((row) => [row.id, row])), [rows]);
  const isWhole = before === 0 && !more;
  // As it is now, or as it was last seen; what isn't in the whole list any longer isn't selected either.
  const selected = (made.name === name ? made.rows : []).flatMap((row) => here.get(row.id) ?? (isWhole ? [] : row));
  const select = (ids: ReadonlySet<string>) => {
    const known = new Map([...selected.map((row) => [row.id, row] as const), ...here]);
    setMade({ name, rows: [...ids].flatMap((id) => known.get(id) ?? []) });
  };
  const selection: Selection<Row> = { rows: selected, clear: () => setMade({ name, rows: [] }) };
  return { ids: new Set(selected.map(({ id }) => id)), select, selection };
}

/** How a cell is shown and sorted by whoever opens the file. */
export type CellType = 'text' | 'date' | 'money' | 'number';
/** A date is `YYYY-MM-DD`, money a decimal string, both as the API has them. Undefined: an empty cell. */
export type Cell = string | number | undefined;

export interface Column {
  heading: string;
  type: CellType;
}

/** What every writer writes: columns, and rows that are asked for only as fast as they are taken. */
export interface Table {
  title: string;
  columns: Column[];
  rows: AsyncIterable<Cell[]>;
}

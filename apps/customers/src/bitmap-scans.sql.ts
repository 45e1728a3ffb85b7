/**
 * With a LIMIT the planner hopes to find enough while it reads on, and reads on for long when it is mistaken. A bitmap
 * is made of index entries that match, and nothing else. Until the transaction ends, or it is taken back.
 */
export const bitmapScansOnly = (only: boolean): string =>
  `SELECT ${['enable_seqscan', 'enable_indexscan', 'enable_indexonlyscan']
    .map((setting) => `set_config('${setting}', '${only ? 'off' : 'on'}', true)`)
    .join(', ')}`;

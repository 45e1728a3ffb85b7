/**
 * The import jobs of a service, for its migration. Needs `app.now()`.
 *
 * `import_job`    a file that someone handed over; `done_row`: the last row that was dealt with, so that whoever goes on
 *                 knows where; `next_at`: when it is its turn, `booked_at`: when its last
 *                 batch was done, by the machine's time, not the business's.
 * `import_batch`  which parts of the file came.
 * `import_row`    the rows; `reader_fault`: what was wrong already when the file was read. Once dealt with, only a row
 *                 that failed keeps its cells.
 */
export const importTables: string[] = [
  `CREATE TABLE import_job (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    kind text NOT NULL,
    state text NOT NULL CHECK (state IN ('receiving', 'queued', 'running', 'completed', 'failed')),
    dry_run boolean NOT NULL,
    file_name text NOT NULL,
    header jsonb NOT NULL,
    started_by uuid NOT NULL,
    total integer NOT NULL DEFAULT 0,
    done_row integer NOT NULL DEFAULT 0,
    processed integer NOT NULL DEFAULT 0,
    created integer NOT NULL DEFAULT 0,
    updated integer NOT NULL DEFAULT 0,
    unchanged integer NOT NULL DEFAULT 0,
    failed integer NOT NULL DEFAULT 0,
    failure jsonb,
    created_at timestamptz NOT NULL DEFAULT app.now(),
    next_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    booked_at timestamptz NOT NULL DEFAULT clock_timestamp()
  )`,
  `CREATE INDEX import_job_open ON import_job (next_at) WHERE state IN ('receiving', 'queued', 'running')`,
  `CREATE TABLE import_batch (
    import_id uuid NOT NULL REFERENCES import_job ON DELETE CASCADE,
    batch_no integer NOT NULL,
    PRIMARY KEY (import_id, batch_no)
  )`,
  `CREATE TABLE import_row (
    import_id uuid NOT NULL REFERENCES import_job ON DELETE CASCADE,
    row_no integer NOT NULL,
    cells jsonb NOT NULL,
    reader_fault jsonb,
    outcome text CHECK (outcome IN ('created', 'updated', 'unchanged', 'failed')),
    faults jsonb,
    warnings jsonb,
    PRIMARY KEY (import_id, row_no)
  )`,
  `CREATE INDEX import_row_faults ON import_row (import_id, row_no) WHERE faults IS NOT NULL`,
  `CREATE INDEX import_row_warnings ON import_row (import_id, row_no) WHERE warnings IS NOT NULL`,
];

/** The other way, for the migration's `down`. */
export const dropImportTables = `DROP TABLE import_row, import_batch, import_job`;

import { z } from 'zod';
import { Id, line } from './common.js';
import { fault } from './errors.js';
import { rpc } from './rpc.js';

/** The columns of each kind, in the order of SPEC.md. The first ones named in `required` may not be missing. */
export const IMPORT_COLUMNS = {
  customers: [
    'code',
    'name',
    'keyword',
    'status',
    'owner',
    'created_on',
    'phone',
    'email',
    'address',
    'region',
    'industry',
    'source',
    'note',
  ],
  products: ['code', 'name', 'category', 'unit', 'guide_price', 'kind', 'annual_fee', 'service_months'],
  purchases: [
    'ref',
    'customer_code',
    'product_code',
    'quantity',
    'unit_price',
    'sold_on',
    'due_on',
    'annual_fee',
    'service_ends_on',
    'remind',
  ],
  payments: ['ref', 'purchase_ref', 'amount', 'paid_on', 'method'],
} as const;
export const IMPORT_REQUIRED = {
  customers: ['code', 'name', 'keyword'],
  products: ['code', 'name', 'unit', 'guide_price', 'kind'],
  purchases: ['ref', 'customer_code', 'product_code', 'quantity', 'unit_price', 'sold_on'],
  payments: ['ref', 'purchase_ref', 'amount', 'paid_on'],
} as const;
export const ImportKind = z.enum(['customers', 'products', 'purchases', 'payments']);
export type ImportKind = z.infer<typeof ImportKind>;

export const ImportFault = z.object({
  /** The row's number in the file; the header is row 1. */
  row: z.int(),
  field: z.string().nullable(),
  ...fault,
});
export type ImportFault = z.infer<typeof ImportFault>;
export const Import = z.object({
  id: Id,
  kind: ImportKind,
  state: z.enum(['queued', 'running', 'completed', 'failed']),
  dryRun: z.boolean(),
  total: z.int(),
  processed: z.int(),
  created: z.int(),
  updated: z.int(),
  unchanged: z.int(),
  failed: z.int(),
  warnings: z.array(ImportFault),
  errors: z.array(ImportFault).max(100),
});
export type Import = z.infer<typeof Import>;

/** A row as it stands in the file: column → text. */
export const ImportRow = z.object({
  row: z.int(),
  values: z.record(z.string(), z.string().max(10_000)),
  /** What whoever read the file found wrong with the row already (too many columns): such a row is not imported. */
  fault: ImportFault.omit({ row: true }).optional(),
});
export type ImportRow = z.infer<typeof ImportRow>;
export const IMPORT_BATCH = 500;

/** How the gateway hands a file over: start, then batches in order, then `finish`, which queues it. */
function importRpcs<S extends 'customers' | 'sales'>(service: S) {
  const ofImport = { importId: Id };
  return {
    start: rpc(`${service}.import.start`, {
      input: z.strictObject({
        kind: ImportKind,
        dryRun: z.boolean(),
        fileName: line(300),
        /** No file means more or longer ones. */
        header: z.array(z.string().max(200)).max(200),
      }),
      output: Import,
    }),
    /** Sent again, the same `batch` changes nothing. */
    append: rpc(`${service}.import.append`, {
      input: z.strictObject({ ...ofImport, batch: z.int(), rows: z.array(ImportRow).max(IMPORT_BATCH) }),
      output: z.object({}),
    }),
    finish: rpc(`${service}.import.finish`, {
      input: z.strictObject({ ...ofImport, batches: z.int() }),
      output: Import,
    }),
    /** The file can't be read, or broke off: the import ends without it. */
    abandon: rpc(`${service}.import.abandon`, { input: z.strictObject(ofImport), output: z.object({}) }),
    get: rpc(`${service}.import.get`, { input: z.strictObject(ofImport), output: Import }),
    /** All faulty rows, a page at a time, in the file's order, with the values as they stood. */
    faults: rpc(`${service}.import.faults`, {
      input: z.strictObject({ ...ofImport, afterRow: z.int().default(0) }),
      output: z.object({
        header: z.array(z.string()),
        rows: z.array(ImportRow.extend({ faults: z.array(ImportFault) })),
        done: z.boolean(),
      }),
    }),
  };
}
export const customersImports = importRpcs('customers');
export const salesImports = importRpcs('sales');
/** Which service owns a kind's data, and so its import jobs. */
export const IMPORT_OWNER = {
  customers: customersImports,
  products: salesImports,
  purchases: salesImports,
  payments: salesImports,
} as const satisfies Record<ImportKind, unknown>;

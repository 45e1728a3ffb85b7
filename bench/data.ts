/**
 * A whole organisation, written with a few large statements as the product itself would have it: customers with what
 * they are found by, their owners in every service that knows users, one purchase each with its ledger, and what billing
 * has learnt of all that.
 */
import type pg from 'pg';
import { addMonths } from '#calendar/dates';
import { fold } from '#text/fold';
import { foldCode } from '../apps/customers/src/duplicate/folding.rules.js';
import { foldedNames } from '../apps/customers/src/duplicate/names.rules.js';
import { companyNames } from './names.js';

export const OWNERS = 50;
/** So many service fees are due on the day of preparation, or a tenth of all customers if that is less. */
export const feesDue = (customers: number) => Math.min(10_000, Math.floor(customers / 10));

export const ownerName = (n: number) => `owner${String(n).padStart(2, '0')}`;
/** Whose password every owner has. */
export const PASSWORD_OF = 'sales01';
const BATCH = 2_000;

export async function prepareData(admin: pg.Client, customers: number, today: string): Promise<void> {
  await admin.query(
    `SET statement_timeout = 0; SET maintenance_work_mem = '256MB'; SET search_path = sales, customers, app`,
  );
  await owners(admin);
  await catalogue(admin);
  await names(admin, customers);
  const grams = 'customers.customer_names_grams';
  const [{ definition }] = (await admin.query(`SELECT pg_get_indexdef('${grams}'::regclass) AS definition`)).rows as [
    { definition: string },
  ];
  // Filled row by row it would take longer than all the rest.
  await admin.query(`DROP INDEX ${grams}`);
  for (const statement of customersSql(today)) await admin.query(statement);
  await admin.query(definition);
  for (const statement of [...salesSql(customers, today), ...BILLING]) await admin.query(statement);
  await admin.query(`DROP TABLE bench_names`);
  await admin.query(`VACUUM ANALYZE`);
  await admin.query(`CHECKPOINT`);
}

async function owners(admin: pg.Client): Promise<void> {
  const usernames = Array.from({ length: OWNERS }, (_, n) => ownerName(n + 1));
  await admin.query(
    `INSERT INTO auth.users (id, username, display_name, role, active, must_change_password, password_hash, created_at,
       updated_at, version)
     SELECT uuidv7(), owner.name, '业务员' || place, 'salesperson', true, false, known.password_hash, app.now(), app.now(), 1
     FROM unnest($1::text[]) WITH ORDINALITY AS owner (name, place), auth.users known WHERE known.username = $2`,
    [usernames, PASSWORD_OF],
  );
  await admin.query(
    `INSERT INTO customers.users (id, username, display_name, role, active, version)
     SELECT id, username, display_name, role, active, version FROM auth.users ON CONFLICT DO NOTHING`,
  );
  await admin.query(
    `INSERT INTO billing.users (id, username, display_name, email, role, active, version)
     SELECT id, username, display_name, email, role, active, version FROM auth.users ON CONFLICT DO NOTHING`,
  );
}

const PRODUCTS = 200;

async function catalogue(admin: pg.Client): Promise<void> {
  await admin.query(
    `INSERT INTO sales.products (code, code_folded, name, search, unit, guide_price, kind, annual_fee, service_months,
       active, created_at, updated_at)
     SELECT 'P' || n, 'p' || n, '交换机' || n, 'p' || n || ' 交换机' || n, '台', 100 + n, 'goods', 20, 12, true, app.now(),
       app.now()
     FROM generate_series(1, ${PRODUCTS}) AS n`,
  );
}

async function names(admin: pg.Client, count: number): Promise<void> {
  await admin.query(
    `CREATE UNLOGGED TABLE bench_names (n int PRIMARY KEY, id uuid DEFAULT uuidv7(), name text, keyword text, code text,
       code_folded text, phone text, name_folded text, keyword_folded text, name_core text, search_text text,
       search_grams text[], told_folded text)`,
  );
  let batch: object[] = [];
  const flush = async () => {
    await admin.query(
      `INSERT INTO bench_names (n, name, keyword, code, code_folded, phone, name_folded, keyword_folded, name_core,
         search_text, search_grams, told_folded)
       SELECT n, name, keyword, code, code_folded, phone, name_folded, keyword_folded, name_core, search_text,
         search_grams, told_folded
       FROM jsonb_populate_recordset(NULL::bench_names, $1::jsonb)`,
      [JSON.stringify(batch)],
    );
    batch = [];
  };
  let n = 0;
  for (const { name, keyword } of companyNames(count)) {
    n++;
    const code = `C${String(n).padStart(7, '0')}`;
    const phone = `0755-${String(10_000_000 + n)}`;
    const found = foldedNames({ id: '', name, keyword, phone, code });
    batch.push({ n, name, keyword, code, code_folded: foldCode(code), phone, ...found, told_folded: fold(name) });
    if (batch.length === BATCH) await flush();
  }
  await flush();
}

const ALL_OWNERS = `(SELECT array_agg(id ORDER BY username) AS ids FROM auth.users WHERE username ~ '^owner') owners`;

const customersSql = (today: string) => [
  `INSERT INTO customers.customers (id, name, keyword, status_id, owner_id, created_on, code, code_folded, phone, email,
     address, region, industry, source, tags, payment_term_days)
   SELECT b.id, b.name, b.keyword, statuses.ids[1 + n % array_length(statuses.ids, 1)], owners.ids[1 + n % ${OWNERS}],
     date '${today}' - (n % 1200 * 7919 % 1200), b.code, b.code_folded, b.phone, 'office' || n || '@example.com',
     '深圳市南山区高新技术产业园' || n || '号', '广东', '通信', '展会',
     CASE n % 4 WHEN 0 THEN '{重点}'::text[] ELSE '{}' END, CASE n % 2 WHEN 0 THEN 30 END
   FROM bench_names b, ${ALL_OWNERS},
     (SELECT array_agg(id ORDER BY position) AS ids FROM customers.customer_statuses) statuses
   ORDER BY n`,
  `INSERT INTO customers.customer_names (customer_id, name_folded, keyword_folded, name_core, search_text, search_grams,
     deleted)
   SELECT id, name_folded, keyword_folded, name_core, search_text, search_grams, false FROM bench_names ORDER BY n`,
];

/**
 * One purchase each. Of the last tenth the service ends a month from today, so that its fee falls due today; of the
 * others a fifth is in arrears, some of it not due yet and some of it for months.
 */
const salesSql = (customers: number, today: string) => [
  `INSERT INTO sales.purchases (customer_id, product_id, product_code, product_name, unit, quantity, guide_price,
     unit_price, payable, sold_on, due_on, sold_by_id, annual_fee, service_ends_on, remind, created_at, updated_at)
   SELECT b.id, p.id, p.code, p.name, p.unit, 1 + n % 5, p.guide_price, p.guide_price, (1 + n % 5) * p.guide_price,
     sale.on, sale.on + 30, owners.ids[1 + n % ${OWNERS}], CASE WHEN fee.due THEN 20 END,
     CASE WHEN fee.due THEN date '${addMonths(today, 1)}' END, fee.due, app.now(), app.now()
   FROM bench_names b
   JOIN (SELECT *, row_number() OVER (ORDER BY code) - 1 AS place FROM sales.products) p ON p.place = n % ${PRODUCTS}
   CROSS JOIN LATERAL (SELECT date '${today}' - (n * 31 % 150) AS on) sale
   CROSS JOIN LATERAL (SELECT n > ${customers - feesDue(customers)} AS due) fee
   CROSS JOIN ${ALL_OWNERS}
   ORDER BY n`,
  // The trigger adds them up.
  `INSERT INTO sales.payments (purchase_id, amount, paid_on, method, recorded_by_id, created_at)
   SELECT p.id, CASE WHEN b.n % 5 = 0 AND NOT p.remind THEN round(p.payable / 2, 2) ELSE p.payable END,
     p.sold_on, 'transfer', p.sold_by_id, app.now()
   FROM sales.purchases p JOIN bench_names b ON b.id = p.customer_id
   ORDER BY b.n`,
];

const BILLING = [
  `INSERT INTO billing.customers (id, name, folded_name, owner_id, code, language, deleted, version)
   SELECT c.id, c.name, b.told_folded, c.owner_id, c.code, c.language, false, c.version
   FROM customers.customers c JOIN bench_names b USING (id) ORDER BY b.n`,
  `INSERT INTO billing.charges (purchase_id, customer_id, product_name, folded_product, payable, paid, sold_on, due_on,
     settled_on, annual_fee, service_ends_on, remind, version)
   SELECT id, customer_id, product_name, product_name, payable, paid, sold_on, due_on,
     CASE WHEN paid = payable THEN sold_on END, annual_fee, service_ends_on, remind, version
   FROM sales.purchases ORDER BY id`,
  `INSERT INTO billing.ledger_entries (payment_id, purchase_id, amount, paid_on)
   SELECT id, purchase_id, amount, paid_on FROM sales.payments ORDER BY id`,
];

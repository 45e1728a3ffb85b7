import type { OperationName } from './operations.js';

type Row = Record<string, unknown>;

/** The JSON that the API answers, made of what the statements gave: the last that gave rows is the one to be shown. */
export function bodyOf(operation: OperationName, results: Row[][]): unknown {
  const rows = results.findLast((one) => one.length > 0) ?? [];
  switch (operation) {
    case 'get':
    case 'create':
      return customerOf(rows[0]!);
    case 'list':
      return { items: rows.slice(0, 50).map(customerOf), nextCursor: rows.length > 50 ? cursorOf(rows[49]!) : null };
    case 'purchase':
      return { items: rows.map(purchaseOf) };
    case 'arrears':
    case 'arrears-all': {
      const { rows: page, total, count } = rows[0] as { rows: Row[] | null; total: string; count: number };
      const items = page ?? [];
      return { items: items.slice(0, 50), nextCursor: items.length > 50 ? cursorOf(items[49]!) : null, total, count };
    }
    case 'duplicates': {
      // That of the matches gives no rows if there are none.
      const found = results.find((one) => one.length > 0 && 'reason' in one[0]!) ?? [];
      const keywordCount = results.findLast((one) => one.length > 0 && 'count' in one[0]!)?.[0]!['count'];
      const matches = found.map(({ total: _total, ...match }) => filled(match));
      // The names that are asked for hold a telling keyword, so there is nothing to hint at.
      return { matches, total: found[0]?.['total'] ?? 0, hints: [], keywordCount };
    }
  }
}

const filled = (row: Row): Row => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
const cursorOf = ({ id, sortKey, purchaseId, dueOn }: Row) =>
  Buffer.from(JSON.stringify([sortKey ?? dueOn, id ?? purchaseId])).toString('base64url');

function customerOf(row: Row): Row {
  const { sortKey: _sortKey, ...customer } = filled(row);
  return customer;
}

/** Columns may be told as the ORM names them: `Purchase_customer_id`. */
function purchaseOf(row: Row): Row {
  const told: Row = {};
  for (const [column, value] of Object.entries(row)) {
    const field = column
      .replace(/^(Purchase|p)_/, '')
      .replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
    if (value !== null) told[field] = value;
  }
  // What is kept beside what is shown.
  const { productCode: _code, serviceAnchorOn: _anchor, serviceMonths: _months, ...purchase } = told;
  const cents = Math.round(Number(told['payable']) * 100) - Math.round(Number(told['paid']) * 100);
  const balance = (cents / 100).toFixed(2);
  return { ...purchase, quantity: String(Number(told['quantity'])), balance, inArrears: cents > 0 };
}

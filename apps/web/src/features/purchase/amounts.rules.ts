/** `12.345` with `places` decimals as a whole number of the smallest part; undefined for what is no such number. */
function parts(text: string, places: number): bigint | undefined {
  const [, sign, whole, fraction = ''] = /^(-?)(\d{1,15})(?:\.(\d*))?$/.exec(text.trim()) ?? [];
  if (whole === undefined || fraction.length > places) return undefined;
  const value = BigInt(whole + fraction.padEnd(places, '0'));
  return sign ? -value : value;
}

function money(cents: bigint): string {
  const digits = (cents < 0n ? -cents : cents).toString().padStart(3, '0');
  return `${cents < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** Quantity × unit price, half-up to the cent, as the server computes it; undefined while one of them is no number. */
export function payableOf(quantity = '', unitPrice = ''): string | undefined {
  const thousandths = parts(quantity, 3);
  const cents = parts(unitPrice, 2);
  if (thousandths === undefined || cents === undefined) return undefined;
  return money((thousandths * cents + 500n) / 1_000n);
}

/** What is still to be paid. */
export function balanceOf(payable: string, paid = ''): string | undefined {
  const [due, had] = [parts(payable, 2), parts(paid || '0', 2)];
  return due === undefined || had === undefined ? undefined : money(due - had);
}

export const isArrears = (balance: string | undefined): boolean => (parts(balance ?? '', 2) ?? 0n) > 0n;

export const sumOf = (amounts: (string | undefined)[]): string =>
  money(amounts.reduce((sum, amount) => sum + (parts(amount ?? '', 2) ?? 0n), 0n));

import { Decimal } from 'decimal.js';

/** A cell as the file has it. */
export interface Raw {
  type: string;
  style: number;
  text: string;
}
export interface Styles {
  dates: boolean[];
  epoch1904: boolean;
}

/** A cell as a CSV file would hold it. */
export function textOf({ type, style, text }: Raw, shared: string[], { dates, epoch1904 }: Styles): string {
  if (text === '') return '';
  if (type === 's') return shared[Number(text)] ?? '';
  if (type === 'b') return text === '1' ? 'true' : 'false';
  if (type === 'd') return text.slice(0, 10);
  if (type !== 'n') return text;
  return dates[style] ? dateOf(Number(text), epoch1904) : numberOf(text);
}

/** What is stored has up to 17 digits, of which a spreadsheet shows 15: `1234.5599999999999` is `1234.56`. */
function numberOf(text: string): string {
  return /^[-+]?\d{1,400}(\.\d{0,400})?(e[-+]?\d{1,3})?$/i.test(text)
    ? new Decimal(text).toSignificantDigits(15).toFixed()
    : text;
}

const DAY_MS = 86_400_000;
/** The last day that a `YYYY-MM-DD` can name. */
const LAST_DAY = 2_958_465;

/** Days since the end of 1899, of which the 60th never was, or since the first of 1904. */
function dateOf(serial: number, epoch1904: boolean): string {
  const days = Math.floor(serial) + (epoch1904 ? 1_462 : serial < 60 ? 1 : 0);
  if (!(days >= 1 && days <= LAST_DAY)) return String(serial);
  return new Date((days - 25_569) * DAY_MS).toISOString().slice(0, 10);
}

/** Built-in number formats that show a date. */
const isBuiltInDate = (id: number) => (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 50 && id <= 58);

/** For each style in use, by the number of its format, whether it shows a date. */
export function dateStylesOf(used: number[], formats: ReadonlyMap<number, string>): boolean[] {
  return used.map((id) => {
    const code = formats.get(id);
    if (code === undefined) return isBuiltInDate(id);
    // Quoted text, what follows a backslash, and what stands in brackets (colours, languages) is no pattern.
    return /[yd]/i.test(code.replace(/"[^"]*"|\\.|\[[^\]]*\]|_.|\*./g, ''));
  });
}

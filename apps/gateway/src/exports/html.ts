import { Readable } from 'node:stream';
import type { Language } from '#contracts/common';
import { grouped } from '../letters/letter.parts.js';
import type { Cell, CellType, Table } from './table.js';

const STYLE = `
  body { font: 10pt/1.4 system-ui, "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; margin: 1.5cm; color: #000; }
  h1 { font-size: 16pt; margin: 0 0 .5em; } h2 { font-size: 12pt; margin: 1.2em 0 .4em; }
  table { border-collapse: collapse; width: 100%; } thead { display: table-header-group; } tr { break-inside: avoid; }
  th, td { border-bottom: 1px solid #999; padding: .25em .5em; text-align: start; vertical-align: top; }
  .money, .number { text-align: end; white-space: nowrap; font-variant-numeric: tabular-nums; } .date { white-space: nowrap; }
  @page { margin: 1.2cm; } @media print { body { margin: 0; } }`;

/** Lines are long, so a list lies across. */
const LIST_STYLE = `
  @page { size: landscape; }`;

/** A list for the printer. */
export function htmlOf(table: Table, language: Language): Readable {
  async function* page() {
    yield head(table.title, language, STYLE + LIST_STYLE);
    yield* tableHtml(table);
    yield TAIL;
  }
  return Readable.from(page(), { objectMode: false });
}

/** Several parts on one page: facts by their names, and lists. */
export interface Card {
  title: string;
  facts: [name: string, value: Cell][];
  tables: Table[];
}

export function cardOf({ title, facts, tables }: Card, language: Language): Readable {
  async function* page() {
    const known = facts.filter(([, value]) => value !== undefined && value !== '');
    yield head(title, language);
    yield `<table>${known.map(([name, value]) => `<tr><th>${escape(name)}</th><td>${escape(String(value))}</td></tr>`).join('')}</table>`;
    for (const table of tables) {
      yield `<h2>${escape(table.title)}</h2>`;
      yield* tableHtml(table);
    }
    yield TAIL;
  }
  return Readable.from(page(), { objectMode: false });
}

async function* tableHtml({ columns, rows }: Table): AsyncGenerator<string> {
  yield `<table><thead><tr>${columns.map(({ heading, type }) => cell('th', heading, type)).join('')}</tr></thead><tbody>\n`;
  for await (const row of rows) {
    yield `<tr>${row.map((value, place) => cell('td', value, columns[place]?.type ?? 'text')).join('')}</tr>\n`;
  }
  yield '</tbody></table>';
}

function cell(tag: 'th' | 'td', value: Cell, type: CellType): string {
  const text = String(value ?? '');
  const shown = tag === 'td' && type === 'money' ? grouped(text) : text;
  return `<${tag}${type === 'text' ? '' : ` class="${type}"`}>${escape(shown)}</${tag}>`;
}

const head = (title: string, language: Language, style = STYLE) =>
  `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><title>${escape(title)}</title><style>${style}</style></head><body><h1>${escape(title)}</h1>\n`;
const TAIL = '</body></html>\n';

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
export const escape = (value: string) => value.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');

import { stringify } from 'csv-stringify/sync';
import { BUCKETS, type ArrearsRow, type DigestContent } from '#contracts/billing';
import type { Language } from '#contracts/common';
import { fill, TEXTS } from './digest.texts.js';

export interface LetterInput {
  kind: 'finance' | 'salesperson';
  recipientName: string;
  content: DigestContent;
  language: Language;
  publicUrl: string;
}

export interface Letter {
  subject: string;
  text: string;
  html: string;
}

interface Line {
  label: string;
  amount: string;
  more: string;
  href: string;
}
interface Section {
  title: string;
  lines: Line[];
}

/** The mail as HTML and as plain text; each figure leads to the list behind it. */
export function letterOf(input: LetterInput): Letter {
  const { content, kind, recipientName } = input;
  const { asOf: date, total, currency } = content.summary;
  const texts = TEXTS[input.language];
  const subject = fill(texts.subject[kind], { date, total: grouped(total), currency });
  const greeting = fill(texts.greeting, { name: recipientName, date });
  const sections = sectionsOf(input);
  return {
    subject,
    text: [greeting, ...sections.map(asText), texts.attached].join('\n\n') + '\n',
    html: `<!doctype html>
<html lang="${input.language}"><head><meta charset="utf-8"><title>${escaped(subject)}</title></head>
<body style="font-family:sans-serif;color:#222">
<p>${escaped(greeting)}</p>
${sections.map(asHtml).join('\n')}
<p>${escaped(texts.attached)}</p>
</body></html>
`,
  };
}

/** One row for each purchase in arrears. Cells that a spreadsheet would take for a formula are defused. */
export function csvOf(rows: ArrearsRow[]): string {
  const columns = [
    'purchaseId',
    'customerId',
    'customerName',
    'ownerId',
    'productName',
    'payable',
    'paid',
    'balance',
    'soldOn',
    'dueOn',
    'daysPastDue',
    'bucket',
  ] as const satisfies (keyof ArrearsRow)[];
  return stringify(rows, { header: true, columns: [...columns], bom: true, escape_formulas: true });
}

function sectionsOf({ content, language, publicUrl }: LetterInput): Section[] {
  const texts = TEXTS[language];
  const { summary, changes, topDebtors, serviceFees } = content;
  const purchases = (count: number) => fill(texts.purchases, { count });
  const link = (path: string, query: Record<string, string> = {}) => {
    const url = new URL(path, publicUrl.endsWith('/') ? publicUrl : `${publicUrl}/`);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    return url.href;
  };
  const arrears = (query: Record<string, string> = {}) => link('receivables', { asOf: summary.asOf, ...query });

  const total = `${fill(texts.customers, { count: summary.customers })}, ${purchases(summary.purchases)}`;
  const sections: Section[] = [
    { title: texts.total, lines: [{ label: summary.currency, amount: summary.total, more: total, href: arrears() }] },
    {
      title: texts.ageing,
      lines: BUCKETS.map((bucket) => {
        return { label: texts.buckets[bucket], amount: summary.buckets[bucket], more: '', href: arrears({ bucket }) };
      }),
    },
    {
      title: texts.byOwner,
      lines: (summary.owners ?? []).map(({ ownerId, username, ownerName, total: amount, purchases: count }) => {
        return { label: ownerName || username, amount, more: purchases(count), href: arrears({ ownerId }) };
      }),
    },
    {
      title: texts.changes,
      lines: (['new', 'cured', 'worse'] as const).map((change) => {
        const { amount, count } = changes[change];
        return { label: texts[change], amount, more: purchases(count), href: arrears() };
      }),
    },
    {
      title: texts.topDebtors,
      lines: topDebtors.map(({ customerId, customerName, balance, purchases: count }) => {
        return { label: customerName, amount: balance, more: purchases(count), href: link(`customers/${customerId}`) };
      }),
    },
    {
      title: texts.serviceFees,
      lines: ([30, 60, 90] as const).map((days) => {
        const { amount, count } = serviceFees[`d${days}`];
        const href = link('receivables', { within: `P${days}D` });
        return { label: fill(texts.within, { days }), amount, more: purchases(count), href };
      }),
    },
  ];
  return sections.filter(({ lines }) => lines.length > 0);
}

function asText({ title, lines }: Section): string {
  const rows = lines.map(({ label, amount, more, href }) => {
    return `  ${label}: ${grouped(amount)}${more && ` (${more})`}\n    ${href}`;
  });
  return [title, ...rows].join('\n');
}

function asHtml({ title, lines }: Section): string {
  const rows = lines.map(({ label, amount, more, href }) => {
    const figure = `<a href="${escaped(href)}">${grouped(amount)}</a>`;
    return `<tr><td>${escaped(label)}</td><td align="right">${figure}</td><td>${escaped(more)}</td></tr>`;
  });
  return `<h3>${escaped(title)}</h3>\n<table cellpadding="4">\n${rows.join('\n')}\n</table>`;
}

/** `1234567.80` as `1,234,567.80`. */
const grouped = (amount: string) => amount.replace(/\B(?=(\d{3})+(?=\.))/g, ',');

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escaped = (text: string) => text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);

import { stringify } from 'csv-stringify/sync';
import { BUCKETS, type ArrearsRow, type DigestContent, type DigestKind } from '#contracts/billing';
import type { Language } from '#contracts/common';
import { fill, TEXTS, type Texts } from './digest.texts.js';

export interface LetterInput {
  kind: DigestKind;
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
  /** An amount, a number or a date. */
  figure: string;
  more: string;
  href: string;
}
interface Section {
  title: string;
  lines: Line[];
  /** What is said in their place. */
  note?: string;
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
  const { summary, changes, topDebtors, serviceFees, followUps } = content;
  const purchases = (count: number) => fill(texts.purchases, { count });
  const link = (path: string, query: Record<string, string> = {}) => {
    const url = new URL(path, publicUrl.endsWith('/') ? publicUrl : `${publicUrl}/`);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    return url.href;
  };
  const arrears = (query: Record<string, string> = {}) => link('receivables', { asOf: summary.asOf, ...query });

  const total = `${fill(texts.customers, { count: summary.customers })}, ${purchases(summary.purchases)}`;
  const sections: Section[] = [
    { title: texts.total, lines: [{ label: summary.currency, figure: summary.total, more: total, href: arrears() }] },
    {
      title: texts.ageing,
      lines: BUCKETS.map((bucket) => {
        return { label: texts.buckets[bucket], figure: summary.buckets[bucket], more: '', href: arrears({ bucket }) };
      }),
    },
    {
      title: texts.byOwner,
      lines: (summary.owners ?? []).map(({ ownerId, username, ownerName, total: figure, purchases: count }) => {
        return { label: ownerName || username, figure, more: purchases(count), href: arrears({ ownerId }) };
      }),
    },
    {
      title: texts.changes,
      lines: (['new', 'cured', 'worse'] as const).map((change) => {
        const { amount: figure, count } = changes[change];
        return { label: texts[change], figure, more: purchases(count), href: arrears() };
      }),
    },
    {
      title: texts.topDebtors,
      lines: topDebtors.map(({ customerId, customerName, balance, purchases: count }) => {
        return { label: customerName, figure: balance, more: purchases(count), href: link(`customers/${customerId}`) };
      }),
    },
    {
      title: texts.serviceFees,
      lines: ([30, 60, 90] as const).map((days) => {
        const { amount: figure, count } = serviceFees[`d${days}`];
        const href = link('receivables', { within: `P${days}D` });
        return { label: fill(texts.within, { days }), figure, more: purchases(count), href };
      }),
    },
  ];
  if (followUps !== undefined) sections.push(followUpsOf(followUps, texts, link));
  return sections.filter(({ lines, note }) => lines.length > 0 || note);
}

function followUpsOf(
  due: NonNullable<DigestContent['followUps']> | null,
  texts: Texts,
  link: (path: string, query?: Record<string, string>) => string,
): Section {
  const title = texts.followUps;
  if (!due) return { title, lines: [], note: texts.followUpsMissing };
  const all = { label: texts.customersDue, figure: String(due.count), more: '', href: link('follow-ups') };
  const named = due.items.map(({ customerId, customerName, nextOn, overdueDays }) => ({
    label: customerName,
    figure: nextOn,
    more: overdueDays > 0 ? fill(texts.overdue, { days: overdueDays }) : '',
    href: link(`customers/${customerId}`),
  }));
  return { title, lines: [all, ...named] };
}

function asText({ title, lines, note }: Section): string {
  const rows = lines.map(({ label, figure, more, href }) => {
    return `  ${label}: ${grouped(figure)}${more && ` (${more})`}\n    ${href}`;
  });
  return [title, ...(note ? [`  ${note}`] : rows)].join('\n');
}

function asHtml({ title, lines, note }: Section): string {
  const rows = lines.map(({ label, figure, more, href }) => {
    const link = `<a href="${escaped(href)}">${grouped(figure)}</a>`;
    return `<tr><td>${escaped(label)}</td><td align="right">${link}</td><td>${escaped(more)}</td></tr>`;
  });
  const said = note ? `<p>${escaped(note)}</p>` : `<table cellpadding="4">\n${rows.join('\n')}\n</table>`;
  return `<h3>${escaped(title)}</h3>\n${said}`;
}

/** `1234567.80` as `1,234,567.80`. */
const grouped = (amount: string) => amount.replace(/\B(?=(\d{3})+(?=\.))/g, ',');

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escaped = (text: string) => text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);

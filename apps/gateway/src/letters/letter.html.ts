import type { DunningNotice } from '#contracts/dunning-notices';
import { escape } from '../exports/html.js';
import { letterOf, type Section } from './letter.parts.js';

const FONTS = {
  'zh-Hans': `"Noto Sans SC", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei"`,
  'zh-Hant': `"Noto Sans TC", "Noto Sans CJK TC", "PingFang TC", "Microsoft JhengHei"`,
  en: `"Noto Sans", system-ui`,
};

const STYLE = `
  @page { size: A4; margin: 20mm; }
  body { color: #1a1a1a; font-size: 10.5pt; line-height: 1.5; margin: 20mm auto; max-width: 170mm; }
  header { border-bottom: .5pt solid #888; padding-bottom: 3mm; }
  header strong { display: block; font-size: 14pt; } header small { color: #555; }
  h1 { font-size: 20pt; letter-spacing: .1em; margin: 9mm 0 7mm; text-align: center; }
  .facts { float: right; margin: 0 0 4mm 8mm; } .facts th { color: #555; font-weight: normal; padding-right: 4mm; text-align: start; }
  .to { font-size: 12pt; font-weight: bold; } .intro { clear: both; }
  h2 { break-after: avoid; font-size: 11pt; margin: 6mm 0 1mm; }
  table.items { border-collapse: collapse; width: 100%; } table.items thead { display: table-header-group; }
  table.items tr { break-inside: avoid; } table.items th { background: #f1f1f1; font-weight: normal; text-align: start; }
  table.items th, table.items td { border-bottom: .25pt solid #bbb; padding: 1.2mm 2mm; overflow-wrap: anywhere; }
  table.items .date { white-space: nowrap; width: 32mm; }
  table.items .money { font-variant-numeric: tabular-nums; text-align: end; white-space: nowrap; width: 42mm; }
  .total { border-bottom: 1pt solid; border-top: 1pt solid; display: flex; font-size: 12pt; font-weight: bold;
    justify-content: space-between; margin: 6mm 0; padding: 2mm; }
  .payment th { color: #555; font-weight: normal; padding-right: 4mm; text-align: start; }
  footer { break-inside: avoid; margin-top: 8mm; } footer .signature { margin-top: 10mm; text-align: end; }
  @media print { body { margin: 0; } }`;

/** One letter for the printer. */
export function letterHtml(notice: DunningNotice): string {
  const letter = letterOf(notice);
  const { texts, language } = letter;
  return `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><title>${escape(`${texts.title} ${letter.number}`)}</title>
<style>body { font-family: ${FONTS[language]}, sans-serif; }${STYLE}</style></head><body>
<header><strong>${escape(letter.sender)}</strong><small>${letter.contacts.map(escape).join(' · ')}</small></header>
<h1>${texts.title}</h1>
<table class="facts">${pairs(letter.facts)}</table>
<p class="to">${escape(letter.salutation)}</p>
<p class="intro">${escape(letter.intro)}</p>
${letter.sections.map((section) => sectionHtml(section, texts.subtotal)).join('\n')}
<p class="total"><span>${texts.total}</span><span>${escape(letter.total)}</span></p>
${letter.payment.length > 0 ? `<h2>${texts.payTo}</h2><table class="payment">${pairs(letter.payment)}</table>` : ''}
<footer>${letter.note ? `<p>${escape(letter.note)}</p>` : ''}<p>${texts.outro}</p>
<p>${texts.closing}</p><p class="signature">${escape(letter.sender)}<br>${letter.issuedOn}</p></footer>
</body></html>
`;
}

const pairs = (facts: [string, string][]) =>
  facts.map(([name, value]) => `<tr><th>${escape(name)}</th><td>${escape(value)}</td></tr>`).join('');

function sectionHtml({ title, headings, rows, subtotal }: Section, subtotalName: string): string {
  const [item, date, amount] = headings.map(escape);
  const body = rows.map(([what, when, much]) => {
    return `<tr><td>${escape(what)}</td><td class="date">${when}</td><td class="money">${much}</td></tr>`;
  });
  return `<h2>${title}</h2><table class="items">
<thead><tr><th>${item}</th><th class="date">${date}</th><th class="money">${amount}</th></tr></thead>
<tbody>${body.join('\n')}
<tr><td colspan="2">${subtotalName}</td><td class="money">${subtotal}</td></tr></tbody></table>`;
}

import { parse } from 'csv-parse/sync';
import type { ArrearsRow, DigestContent } from '#contracts/billing';
import { csvOf, letterOf, type LetterInput } from './digest.letter.js';

const part = (count: number, amount: string) => ({ count, amount });
const content: DigestContent = {
  summary: {
    asOf: '2026-03-01',
    currency: 'CNY',
    total: '1234567.80',
    customers: 2,
    purchases: 3,
    buckets: { notDue: '0.00', d1_30: '1234000.00', d31_60: '567.80', d61_90: '0.00', over90: '0.00' },
    owners: [
      {
        ownerId: 'o1',
        username: 'sales01',
        ownerName: '王 <小> "明" & Co',
        total: '567.80',
        customers: 1,
        purchases: 1,
        buckets: { notDue: '0.00', d1_30: '0.00', d31_60: '567.80', d61_90: '0.00', over90: '0.00' },
      },
    ],
  },
  changes: { new: part(4, '44.00'), cured: part(5, '55.00'), worse: part(6, '66.00') },
  topDebtors: [{ customerId: 'c1', customerName: '都可茶饮', ownerId: 'o1', balance: '567.80', purchases: 1 }],
  serviceFees: { d30: part(1, '30.00'), d60: part(2, '60.00'), d90: part(3, '90.00') },
};
const input: LetterInput = {
  kind: 'finance',
  recipientName: '李会计',
  content,
  language: 'zh-Hans',
  publicUrl: 'https://crm.example/app',
};
const linkOf = (html: string, figure: string) => new RegExp(`<a href="([^"]*)">${figure}</a>`).exec(html)?.[1];

test('every figure stands in both forms, each with the list behind it [B15]', () => {
  const { subject, text, html } = letterOf(input);
  expect(subject).toBe('欠费汇总 2026-03-01：1,234,567.80 CNY');
  const figures = ['1,234,567.80', '1,234,000.00', '567.80', '44.00', '55.00', '66.00', '30.00', '60.00', '90.00'];
  for (const figure of figures) {
    expect(text).toContain(figure);
    expect(linkOf(html, figure)).toMatch(/^https:\/\/crm\.example\/app\//);
  }
  expect(linkOf(html, '1,234,567.80')).toBe('https://crm.example/app/receivables?asOf=2026-03-01');
  expect(linkOf(html, '1,234,000.00')).toBe('https://crm.example/app/receivables?asOf=2026-03-01&amp;bucket=d1_30');
  expect(linkOf(html, '60.00')).toBe('https://crm.example/app/receivables?within=P60D');
  expect(text).toContain('https://crm.example/app/receivables?asOf=2026-03-01&ownerId=o1');
  expect(text).toContain('https://crm.example/app/customers/c1');
});

test('names are text, whatever they look like', () => {
  const { html } = letterOf(input);
  expect(html).toContain('王 &lt;小&gt; &quot;明&quot; &amp; Co');
  expect(html).not.toContain('<小>');
});

test('a salesperson has no table of salespeople; other languages have all texts', () => {
  const { owners: _owners, ...summary } = content.summary;
  const own = { ...content, summary };
  for (const language of ['zh-Hans', 'zh-Hant', 'en'] as const) {
    const { subject, text } = letterOf({ ...input, kind: 'salesperson', language, content: own });
    expect(subject).toContain('1,234,567.80 CNY');
    expect(text).not.toContain('ownerId=');
    expect(text).not.toMatch(/undefined|\{/);
  }
});

describe('follow-ups that are due', () => {
  const due = { customerId: 'c2', customerName: '老地方 & Co', ownerId: 'o1', nextOn: '2026-02-26' };
  const letter = (followUps: DigestContent['followUps']) =>
    letterOf({ ...input, kind: 'salesperson', language: 'en', content: { ...content, followUps } });

  test('are counted and named, each with a link, overdue or not [B15]', () => {
    const items = [
      { ...due, overdueDays: 3 },
      { ...due, customerName: '今天', customerId: 'c3', nextOn: '2026-03-01', overdueDays: 0 },
    ];
    const { text, html } = letter({ count: 12, items });
    expect(linkOf(html, '12')).toBe('https://crm.example/app/follow-ups');
    expect(linkOf(html, '2026-02-26')).toBe('https://crm.example/app/customers/c2');
    expect(html).toContain('老地方 &amp; Co');
    expect(text).toContain('老地方 & Co: 2026-02-26 (days overdue: 3)\n');
    expect(text).toContain('今天: 2026-03-01\n');
  });

  test('that could not be had are said to be missing, and not to be none', () => {
    for (const form of [letter(null).text, letter(null).html]) expect(form).toContain('could not be had');
    expect(letter(undefined).text).not.toContain('Follow-ups');
  });
});

test('the attached table defuses what a spreadsheet would take for a formula', () => {
  const row: ArrearsRow = {
    purchaseId: 'p1',
    customerId: 'c1',
    customerName: '=HYPERLINK("http://evil")',
    ownerId: 'o1',
    productName: '+1, "quoted"',
    payable: '100.00',
    paid: '40.00',
    balance: '60.00',
    soldOn: '2026-01-01',
    dueOn: '2026-03-31',
    daysPastDue: -30,
    bucket: 'notDue',
  };
  const [read] = parse<Record<string, string>>(csvOf([row]), { columns: true, bom: true });
  expect(read).toMatchObject({
    customerName: `'=HYPERLINK("http://evil")`,
    productName: `'+1, "quoted"`,
    balance: '60.00',
    daysPastDue: '-30',
  });
});

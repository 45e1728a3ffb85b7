import { Decimal } from 'decimal.js';
import type { DunningNotice } from '#contracts/dunning-notices';
import { LETTER_TEXTS, type LetterTexts } from './letter.texts.js';

export interface Section {
  title: string;
  headings: [item: string, date: string, amount: string];
  rows: [item: string, date: string, amount: string][];
  subtotal: string;
}

/** A letter as it is read, whatever it is written on. */
export interface Letter {
  language: DunningNotice['language'];
  texts: LetterTexts;
  sender: string;
  /** How he is reached. */
  contacts: string[];
  number: string;
  facts: [name: string, value: string][];
  salutation: string;
  intro: string;
  sections: Section[];
  total: string;
  /** Where the money goes, as far as it is known. */
  payment: [name: string, value: string][];
  note?: string;
  issuedOn: string;
}

/** `1,234.50`. The amount keeps its digits, however large it is. */
export const grouped = (amount: string): string => amount.replace(/\B(?=(\d{3})+\.)/g, ',');

export function letterOf(notice: DunningNotice): Letter {
  const texts = LETTER_TEXTS[notice.language];
  const { name, address, phone, email, bank, account, taxId, note } = notice.letterhead;
  const named = (pairs: [string, string | undefined][]) => pairs.filter((pair): pair is [string, string] => !!pair[1]);
  const issuedOn = texts.day(notice.issuedOn);
  const payBy = texts.day(notice.payBy);
  return {
    ...{ language: notice.language, texts, sender: name, number: notice.number, note, issuedOn },
    contacts: [
      ...(address ? [address] : []),
      ...named([
        [texts.phone, phone],
        [texts.email, email],
      ]).map((pair) => pair.join(' ')),
    ],
    facts: [
      [texts.number, notice.number],
      [texts.date, issuedOn],
      [texts.payBy, payBy],
    ],
    salutation: texts.to(notice.customerName),
    intro: texts.intro(payBy),
    sections: [
      sectionOf(notice, 'service-fee', texts.serviceFees, texts.serviceEndsOn, texts.fee),
      sectionOf(notice, 'arrears', texts.arrears, texts.dueOn, texts.owed),
    ].filter(({ rows }) => rows.length > 0),
    total: `${notice.currency} ${grouped(notice.total)}`,
    payment: named([
      [texts.bank, bank],
      [texts.account, account],
      [texts.taxId, taxId],
    ]),
  };
}

function sectionOf(
  { lines, language, currency }: DunningNotice,
  kind: DunningNotice['lines'][number]['kind'],
  title: string,
  date: string,
  amount: string,
): Section {
  const own = lines.filter((line) => line.kind === kind);
  const sum = own.reduce((total, line) => total.plus(line.amount), new Decimal(0));
  const brackets = language === 'en' ? ` (${currency})` : `（${currency}）`;
  return {
    title,
    headings: [LETTER_TEXTS[language].item, date, amount + brackets],
    rows: own.map((line) => [line.productName, line.dueOn, grouped(line.amount)]),
    subtotal: grouped(sum.toFixed(2)),
  };
}

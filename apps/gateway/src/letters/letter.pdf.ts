import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { setImmediate as breathe } from 'node:timers/promises';
import PDFDocument from 'pdfkit';
import type { DunningNotice } from '#contracts/dunning-notices';
import { letterOf, type Letter, type Section } from './letter.parts.js';

/** Noto Sans SC has the characters of both scripts. What a letter uses of it is embedded, so that it looks the same everywhere. */
const FONT_FILES = { regular: '400Regular/NotoSansSC_400Regular.ttf', bold: '700Bold/NotoSansSC_700Bold.ttf' };
const [regular, bold] = Object.values(FONT_FILES).map((file) =>
  readFileSync(createRequire(import.meta.url).resolve(`@expo-google-fonts/noto-sans-sc/${file}`)),
) as [Buffer, Buffer];

// A4, in points.
const [WIDTH, HEIGHT] = [595.28, 841.89];
const MARGIN = 57;
const INNER = WIDTH - 2 * MARGIN;
/** Below it is the number of the page. */
const BOTTOM = HEIGHT - MARGIN - 14;
const [DATE_WIDTH, MONEY_WIDTH, PAD] = [96, 120, 4];
const ITEM_WIDTH = INNER - DATE_WIDTH - MONEY_WIDTH;
const [INK, GREY, RULE, SHADE] = ['#1a1a1a', '#555555', '#bbbbbb', '#f1f1f1'];

/** The letters as one PDF, each on pages of its own. `write` gets its bytes as they come; others get their turn between. */
export async function writeLetters(notices: readonly DunningNotice[], write: (chunk: Buffer) => void): Promise<void> {
  const info = {
    Title: notices
      .map(({ number }) => number)
      .join(', ')
      .slice(0, 200),
    Producer: 'Hongfuxing CRM',
  };
  const options = {
    size: [WIDTH, HEIGHT] as [number, number],
    margin: MARGIN,
    autoFirstPage: false,
    bufferPages: true,
  };
  const doc = new PDFDocument({ ...options, info, lang: notices[0]?.language });
  const finished = new Promise<void>((resolve, reject) => doc.on('end', resolve).on('error', reject));
  doc.on('data', write);
  // The first bytes go out before the fonts are read.
  await breathe();
  doc.registerFont('regular', regular).registerFont('bold', bold);
  for (const notice of notices) {
    new Writer(doc, letterOf(notice)).write();
    await breathe();
  }
  doc.end();
  await finished;
}

/** Writes one letter from the top of a new page downwards. */
class Writer {
  private y = MARGIN;

  constructor(
    private readonly doc: PDFKit.PDFDocument,
    private readonly letter: Letter,
  ) {}

  write(): void {
    const { letter } = this;
    this.page();
    this.head();
    this.address();
    for (const section of letter.sections) this.section(section);
    this.total();
    this.payment();
    this.close();
    this.number();
    this.doc.flushPages();
  }

  private head(): void {
    const { sender, contacts, texts, language } = this.letter;
    this.text(sender, { font: 'bold', size: 14, gap: 3 });
    if (contacts.length > 0) this.text(contacts.join('  ·  '), { size: 8.5, color: GREY });
    this.y += 6;
    this.rule(0.5, GREY);
    this.y += 18;
    const characterSpacing = language === 'en' ? 0.5 : 6;
    this.text(texts.title, { font: 'bold', size: 20, align: 'center', characterSpacing, gap: 14 });
  }

  private address(): void {
    const { facts, salutation, intro } = this.letter;
    const top = this.y;
    const [factsLeft, nameWidth] = [MARGIN + INNER - 190, 72];
    for (const [name, value] of facts) {
      const y = this.y;
      this.text(name, { size: 9.5, color: GREY, x: factsLeft, width: nameWidth });
      this.y = y;
      this.text(value, { size: 9.5, x: factsLeft + nameWidth, width: 190 - nameWidth, gap: 3 });
    }
    const bottom = this.y;
    this.y = top;
    this.text(salutation, { font: 'bold', size: 12, width: INNER - 210 });
    this.y = Math.max(this.y, bottom) + 14;
    this.text(intro, { size: 10.5, lineGap: 3 });
  }

  private section({ title, headings, rows, subtotal }: Section): void {
    // A heading stays with the first row below it.
    this.room(70);
    this.y += 12;
    this.text(title, { font: 'bold', size: 11, gap: 5 });
    this.row(headings, { shaded: true });
    for (const row of rows) {
      if (this.room(this.heightOf(row[0]))) this.row(headings, { shaded: true });
      this.row(row);
    }
    this.room(24);
    this.row([this.letter.texts.subtotal, '', subtotal]);
  }

  private total(): void {
    this.room(44);
    this.y += 12;
    this.rule(1, INK);
    this.y += 6;
    const y = this.y;
    this.text(this.letter.texts.total, { font: 'bold', size: 12, x: MARGIN + PAD });
    this.y = y;
    this.text(this.letter.total, { font: 'bold', size: 12, align: 'right', width: INNER - PAD });
    this.y += 6;
    this.rule(1, INK);
  }

  private payment(): void {
    const { payment, texts } = this.letter;
    if (payment.length === 0) return;
    this.room(40 + 18 * payment.length);
    this.y += 12;
    this.text(texts.payTo, { font: 'bold', size: 11, gap: 5 });
    for (const [name, value] of payment) {
      const y = this.y;
      this.text(name, { size: 10, color: GREY, width: 90 });
      this.y = y;
      this.text(value, { size: 10, x: MARGIN + 96, width: INNER - 96, gap: 2 });
    }
  }

  private close(): void {
    const { note, texts, sender, issuedOn } = this.letter;
    const noteHeight = note ? this.doc.font('regular').fontSize(10).heightOfString(note, { width: INNER }) : 0;
    this.room(noteHeight + 120);
    this.y += 14;
    if (note) this.text(note, { size: 10, lineGap: 2, gap: 6 });
    this.text(texts.outro, { size: 10, lineGap: 2, gap: 10 });
    this.text(texts.closing, { size: 10, gap: 14 });
    this.text(sender, { size: 10.5, align: 'right', gap: 2 });
    this.text(issuedOn, { size: 10.5, align: 'right' });
  }

  /** The number of the letter and of the page, below each page, once it is known how many there are. */
  private number(): void {
    const { start, count } = this.doc.bufferedPageRange();
    for (let page = 0; page < count; page++) {
      this.doc.switchToPage(start + page);
      this.y = HEIGHT - MARGIN;
      this.text(this.letter.number, { size: 8, color: GREY });
      this.y = HEIGHT - MARGIN;
      this.text(this.letter.texts.page(page + 1, count), { size: 8, color: GREY, align: 'right' });
    }
  }

  private row([item, date, amount]: [string, string, string], { shaded = false } = {}): void {
    const height = this.heightOf(item);
    const y = this.y;
    if (shaded) this.doc.rect(MARGIN, y, INNER, height).fill(SHADE);
    const at = (x: number, width: number) => ({ size: 10, x: x + PAD, width: width - 2 * PAD });
    for (const [text, place] of [
      [item, at(MARGIN, ITEM_WIDTH)],
      [date, at(MARGIN + ITEM_WIDTH, DATE_WIDTH)],
      [amount, { ...at(MARGIN + ITEM_WIDTH + DATE_WIDTH, MONEY_WIDTH), align: 'right' }],
    ] as const) {
      this.y = y + PAD;
      this.text(text, place);
    }
    this.y = y + height;
    this.rule(0.25, RULE);
  }

  private heightOf(item: string): number {
    return (
      this.doc
        .font('regular')
        .fontSize(10)
        .heightOfString(item, { width: ITEM_WIDTH - 2 * PAD }) +
      2 * PAD
    );
  }

  /** Makes room for so much, on a new page if it must be; tells whether it was. */
  private room(height: number): boolean {
    if (this.y + height <= BOTTOM) return false;
    this.page();
    return true;
  }

  private page(): void {
    // Below the bottom margin is only what is put there on purpose: nothing flows onto pages by itself.
    this.doc.addPage({ size: [WIDTH, HEIGHT], margins: { top: MARGIN, left: MARGIN, right: MARGIN, bottom: 0 } });
    this.y = MARGIN;
  }

  private rule(width: number, color: string): void {
    this.doc.lineWidth(width).strokeColor(color);
    this.doc
      .moveTo(MARGIN, this.y)
      .lineTo(MARGIN + INNER, this.y)
      .stroke();
  }

  private text(
    text: string,
    {
      font = 'regular',
      size,
      color = INK,
      x = MARGIN,
      width = INNER,
      gap = 0,
      ...options
    }: {
      font?: string;
      size: number;
      color?: string;
      x?: number;
      width?: number;
      gap?: number;
    } & PDFKit.Mixins.TextOptions,
  ): void {
    this.doc
      .font(font)
      .fontSize(size)
      .fillColor(color)
      .text(text, x, this.y, { width, ...options });
    this.y = this.doc.y + gap;
  }
}

import { extractText, getDocumentProxy } from 'unpdf';
import type { Language } from '#contracts/common';
import type { DunningNotice } from '#contracts/dunning-notices';
import { sourceThread } from '#testing/source-thread';
import { letterHtml } from './letter.html.js';
import { grouped } from './letter.parts.js';
import { writeLetters } from './letter.pdf.js';
import { Press } from './press.js';

const id = crypto.randomUUID();
const line = (kind: 'service-fee' | 'arrears', productName: string, dueOn: string, amount: string) => ({
  ...{ kind, purchaseId: id, productName, dueOn, amount },
});
const notice = (language: Language, more: Partial<DunningNotice> = {}): DunningNotice => ({
  ...{ id, number: 'D2026-000042', customerId: id, customerName: '深圳市中兴通信股份有限公司', language },
  letterhead: {
    name: '鸿福兴科技',
    phone: '0755-8632 1188',
    bank: '招商银行',
    account: '7559 3210',
    note: '请注明编号',
  },
  ...{ currency: 'CNY', issuedOn: '2026-03-02', payBy: '2026-03-16', total: '15200.50', issuedById: id, prints: [] },
  lines: [
    line('service-fee', '开票软件', '2026-03-20', '1200.00'),
    line('arrears', '财务软件', '2026-01-31', '14000.50'),
  ],
  ...{ createdAt: '2026-03-02T04:00:00.000Z', ...more },
});
const HANT: Partial<DunningNotice> = {
  customerName: '臺灣積體電路製造股份有限公司',
  letterhead: { name: '鴻福興科技股份有限公司', bank: '臺灣銀行' },
  lines: [line('arrears', '發票軟體與憑證管理、麵類龜鬱', '2026-01-31', '14000.50')],
};

async function pdfOf(...notices: DunningNotice[]): Promise<Buffer> {
  const chunks: Buffer[] = [];
  await writeLetters(notices, (chunk) => chunks.push(Buffer.from(chunk)));
  return Buffer.concat(chunks);
}
/** What is read on each page, without the spaces that only set words apart. */
async function pagesOf(pdf: Uint8Array): Promise<string[]> {
  const { text } = await extractText(await getDocumentProxy(new Uint8Array(pdf)));
  return text.map((page) => page.replace(/\s/gu, ''));
}

describe('a letter as PDF', () => {
  it('says in simplified characters what is owed, and is small [B10] [B11]', async () => {
    const pdf = await pdfOf(notice('zh-Hans'));
    expect(pdf.length).toBeLessThan(300_000);
    // Embedded, and of the font no more than is used.
    expect(pdf.toString('latin1')).toMatch(/\/FontName \/[A-Z]{6}\+NotoSansSC-Regular/);
    const [page] = await pagesOf(pdf);
    for (const words of [
      ...['鸿福兴科技', '催缴单', 'D2026-000042', '深圳市中兴通信股份有限公司：', '2026年3月16日前付清'],
      ...['开票软件2026-03-201,200.00', '财务软件2026-01-3114,000.50', 'CNY15,200.50', '招商银行', '请注明编号'],
    ]) {
      expect(page).toContain(words);
    }
  });

  it('says it in traditional characters, with those that only they have [B11]', async () => {
    const pdf = await pdfOf(notice('zh-Hant', HANT));
    expect(pdf.length).toBeLessThan(300_000);
    const [page] = await pagesOf(pdf);
    for (const words of [
      '鴻福興科技',
      '催繳單',
      '臺灣積體電路製造',
      '發票軟體與憑證管理、麵類龜鬱',
      '付款期限',
      '歡迎與我們聯繫',
    ]) {
      expect(page).toContain(words);
    }
  });

  it('says it in English [B11]', async () => {
    const [page] = await pagesOf(await pdfOf(notice('en', { customerName: 'Acme Ltd.' })));
    for (const words of ['NoticeofPaymentDue', 'ToAcmeLtd.', 'by16March2026', 'Total', 'Page1of1']) {
      expect(page).toContain(words);
    }
  });

  it('goes on over pages with its headings, and numbers them', async () => {
    const lines = Array.from({ length: 60 }, (_, n) => line('arrears', `软件模块${n + 1}号`, '2026-01-31', '10.00'));
    const pages = await pagesOf(await pdfOf(notice('zh-Hans', { lines })));
    expect(pages.length).toBeGreaterThan(1);
    pages.forEach((page, n) => expect(page).toContain(`D2026-000042第${n + 1}页，共${pages.length}页`));
    for (let n = 1; n <= 60; n++) expect(pages.filter((page) => page.includes(`软件模块${n}号`))).toHaveLength(1);
    for (const page of pages.filter((each) => each.includes('软件模块'))) expect(page).toContain('应付日期');
  });

  it('stands with others in one file, each counting its own pages [B13]', async () => {
    const pages = await pagesOf(
      await pdfOf(notice('zh-Hans'), notice('zh-Hant', { ...HANT, number: 'D2026-000043' }), notice('en')),
    );
    expect(pages).toHaveLength(3);
    expect(pages[1]).toContain('D2026-000043第1頁，共1頁');
  });
});

describe('the press', () => {
  const press = new Press(() => sourceThread(new URL('./letter.worker.ts', import.meta.url)));
  afterAll(() => press.onModuleDestroy());
  const read = async (pdf: AsyncIterable<Uint8Array>) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of pdf) chunks.push(chunk);
    return Buffer.concat(chunks);
  };

  it('prints two hundred letters without anybody else having to wait [B13]', async () => {
    const letters = Array.from({ length: 200 }, (_, n) => notice(n % 2 ? 'zh-Hans' : 'en', { number: `D2026-${n}` }));
    // Of the time that this thread works, printing here would take most.
    const before = performance.eventLoopUtilization();
    const pdf = await read(press.print(letters));
    expect(performance.eventLoopUtilization(before).utilization).toBeLessThan(0.5);
    expect(await pagesOf(pdf)).toHaveLength(200);
  });

  it('takes so many at once, and the rest later', async () => {
    const open = Array.from({ length: 8 }, () => press.print([notice('en')]));
    expect(() => press.print([notice('en')])).toThrow('press-busy');
    await Promise.all(open.map(read));
    expect((await read(press.print([notice('en')]))).subarray(0, 5).toString()).toBe('%PDF-');
  });

  it('goes on after a letter that cannot be printed', async () => {
    const broken = { ...notice('en'), language: 'xx' as Language };
    await expect(read(press.print([broken]))).rejects.toThrow('TypeError');
    expect((await read(press.print([notice('en')]))).length).toBeGreaterThan(1_000);
  });
});

describe('a letter as HTML', () => {
  it('is in the language of the customer and laid out for A4 [B11]', () => {
    const html = letterHtml(notice('zh-Hant', HANT));
    expect(html).toContain('<html lang="zh-Hant">');
    expect(html).toContain('@page { size: A4');
    for (const words of [
      '催繳單',
      '臺灣積體電路製造股份有限公司：',
      '14,000.50',
      'CNY 15,200.50',
      '2026 年 3 月 16 日',
    ]) {
      expect(html).toContain(words);
    }
    expect(html).not.toContain('年服務費（CNY）');
  });

  it('holds whatever a name holds as text', () => {
    const html = letterHtml(notice('en', { customerName: '<script>alert(1)</script> & "Sons"' }));
    expect(html).not.toContain('<script>');
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;Sons&quot;');
  });
});

it.each([
  ['0.00', '0.00'],
  ['999.50', '999.50'],
  ['1234567.89', '1,234,567.89'],
  ['999999999999999999.99', '999,999,999,999,999,999.99'],
])('groups the digits of %s', (amount, written) => expect(grouped(amount)).toBe(written));

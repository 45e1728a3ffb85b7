import type { Browser, Locator, Page } from 'playwright-core';
import type { Api } from '#testing/api';
import { eventually } from '#testing/eventually';
import { startTestSystem, type TestSystem } from '#testing/system';
import { message, openBrowser, row, screenshot, signedIn, zone } from './browser.js';
import { day } from './gallery.data.js';

/** The first of a month: there is one in every year, and it has been. */
const ENDED = `${day(-40).slice(0, 8)}01`;

let test: TestSystem;
let browser: Browser;
let admin: Api;
let sales: Api;
let page: Page;
let scanners: Sold;
let till: Sold;
let disputed: Sold;

interface Sold {
  customerId: string;
  id: string;
}

beforeAll(async () => {
  test = await startTestSystem();
  browser = await openBrowser();
  [admin, sales] = await Promise.all([test.as('admin'), test.as('sales01')]);
  const product = async (code: string, name: string, guidePrice: string) =>
    (await admin.post('/products', { code, name, guidePrice, unit: '台', kind: 'goods' }).expect(201)).body
      .id as string;
  const [scanner, register] = await Promise.all([
    product('P1', '掃描槍', '680.00'),
    product('P2', '收銀機', '4980.00'),
  ]);
  const service = { annualFee: '480.00', serviceEndsOn: ENDED, remind: true };
  [scanners, till, disputed] = await Promise.all([
    sold('廣州百果園有限公司', '百果園', { productId: scanner, quantity: '3', soldOn: day(-60), dueOn: day(-30) }),
    sold('上海永輝超市', '永輝', {
      productId: register,
      quantity: '1',
      soldOn: day(-500),
      paid: '4980.00',
      ...service,
    }),
    sold('杭州大疆創新', '大疆', { productId: scanner, quantity: '1', soldOn: day(-60), dueOn: day(-10) }),
  ]);
  await eventually(async () => {
    await admin.post('/reminder-sweeps', {}).expect(200);
    expect(await sales.all('/reminders')).toHaveLength(3);
  });
  page = await signedIn(browser, test, 'sales01');
});
afterAll(async () => {
  await browser?.close();
  await test?.close();
});

async function sold(name: string, keyword: string, purchase: object): Promise<Sold> {
  const customer = (await sales.post('/customers', { name, keyword }).expect(201)).body as { id: string };
  const { body } = await sales.post(`/customers/${customer.id}/purchases`, { purchases: [purchase] }).expect(201);
  const [{ id }] = (body as { items: [{ id: string }] }).items;
  return { customerId: customer.id, id };
}

const purchasesOf = ({ customerId }: Sold) => sales.all<Record<string, unknown>>(`/customers/${customerId}/purchases`);
const purchase = async (one: Sold) => (await purchasesOf(one)).find(({ id }) => id === one.id);
const reminderOf = async ({ id }: Sold) =>
  (await sales.all<Record<string, unknown>>('/reminders')).find(({ purchaseId }) => purchaseId === id);

const dialog = () => page.getByRole('dialog');
const show = (tab: string, { customerId }: Sold) =>
  page.goto(`${test.system.url}/customers?customer=${customerId}&tab=${tab}`);
const command = async (line: Locator, name: string) => {
  await line.click({ button: 'right' });
  await page.getByRole('menuitem', { name, exact: true }).click();
};
const view = (name: string) => zone(page, 9).locator('.ant-segmented').getByText(name, { exact: true }).click();
const chooseState = async (option: string) => {
  await zone(page, 9).getByLabel('狀態').click();
  await page.locator('.ant-select-dropdown:visible').getByText(option, { exact: true }).click();
};

it('a payment and a refund are recorded, and reversed: what is owed follows at once, in zone 9 too [S15, W9]', async () => {
  const owed = (amount: string) =>
    row(page, 7, '掃描槍').locator('[data-arrears]').filter({ hasText: amount }).waitFor();
  const entry = (amount: string) =>
    dialog()
      .locator('.grid-row')
      .filter({ has: page.getByText(amount, { exact: true }) });
  const book = async (amount: string) => {
    await dialog().getByLabel('金額').fill(amount);
    await dialog().locator('button:not(.ant-btn-loading)', { hasText: '登記付款' }).click();
  };
  await show('purchases', scanners);
  await owed('2,040.00');
  await row(page, 7, '掃描槍').dblclick();
  expect(await dialog().getByLabel('金額').inputValue()).toBe('2040.00');
  await book('9999');
  await message(page, '掃描槍 付款 9999').locator('.message-reason').waitFor();
  await book('1040');
  await entry('1,040.00').waitFor();
  await owed('1,000.00');
  await book('-40');
  await entry('-40.00').waitFor();
  await owed('1,040.00');
  await screenshot(page, 'payments');
  expect(await purchase(scanners)).toMatchObject({ paid: '1000.00', balance: '1040.00', inArrears: true });

  await command(entry('1,040.00'), '沖銷');
  await message(page, '沖銷 掃描槍 的付款').locator('.message-reason').waitFor();
  await command(entry('-40.00'), '沖銷');
  await entry('40.00').waitFor();
  await owed('1,000.00');
  await command(entry('1,040.00'), '沖銷');
  await entry('-1,040.00').waitFor();
  await owed('2,040.00');
  expect(await purchase(scanners)).toMatchObject({ paid: '0.00', balance: '2040.00' });
  // What was reversed is not reversed again.
  await entry('1,040.00').click({ button: 'right' });
  await page.getByRole('menuitem', { name: '沖銷', disabled: true }).waitFor();
  await page.keyboard.press('Escape');

  await book('2040');
  await row(page, 7, '掃描槍').locator('[data-arrears]').waitFor({ state: 'detached' });
  await page.keyboard.press('Escape');
  await page.getByRole('tab', { name: '費用催繳' }).click();
  await row(page, 9, '大疆').waitFor();
  await row(page, 9, '百果園').waitFor({ state: 'detached' });
});

it('a renewal goes on from the day on which the service ended, and its fee is chased no longer [S17, B9]', async () => {
  const until = `${Number(ENDED.slice(0, 4)) + 2}${ENDED.slice(4)}`;
  await show('receivables', till);
  await view('年服務費');
  await row(page, 9, '永輝').filter({ hasText: ENDED }).filter({ hasText: '已過期' }).dblclick();
  await command(row(page, 7, '收銀機').filter({ hasText: ENDED }), '續費');
  await dialog().getByLabel('年數').fill('2');
  await dialog().getByText(`共 960.00，服務期由 ${ENDED} 延至 ${until}。`).waitFor();
  await screenshot(page, 'renewal');
  await dialog().getByRole('button', { name: '確定' }).click();
  await message(page, '收銀機 續費 2 年').waitFor();
  await row(page, 7, '收銀機').filter({ hasText: until }).waitFor();
  await row(page, 7, '收銀機').filter({ hasText: '960.00' }).waitFor();
  expect(await purchase(till)).toMatchObject({ serviceEndsOn: until, remind: true });
  expect((await purchasesOf(till)).find(({ id }) => id !== till.id)).toMatchObject({
    quantity: '2',
    unitPrice: '480.00',
    paid: '960.00',
    balance: '0.00',
    soldOn: day(0),
  });

  await page.getByRole('tab', { name: '費用催繳' }).click();
  await view('年服務費');
  await zone(page, 9).getByText('沒有即將到期的年服務費。').waitFor();
  await view('提醒');
  await chooseState('已結清');
  await row(page, 9, '永輝').filter({ hasText: '480.00' }).waitFor();
  expect(await reminderOf(till)).toMatchObject({ kind: 'service-fee', state: 'settled' });
});

it('a reminder is acknowledged, put off, promised and disputed; no notice asks meanwhile, and payment settles it [B8, B9]', async () => {
  const acts = [
    { act: '確認收到', fields: {}, state: '已確認', until: day(7) },
    { act: '延後提醒', fields: { 截至: day(3) }, state: '已延後', until: day(3) },
    { act: '登記付款承諾', fields: { 承諾付款日: day(5), 金額: '300' }, state: '已承諾', until: day(6) },
    { act: '登記爭議', fields: { 備註: '數量不符' }, state: '有爭議', until: '數量不符' },
  ];
  const line = row(page, 9, '大疆');
  await show('receivables', disputed);
  await view('提醒');
  for (const { act, fields, state, until } of acts) {
    await command(line, act);
    for (const [label, value] of Object.entries(fields)) await dialog().getByLabel(label).fill(value);
    await dialog().getByRole('button', { name: '確定' }).click();
    await line.waitFor({ state: 'detached' });
    await chooseState(state);
    await line.filter({ hasText: until }).waitFor();
  }
  await screenshot(page, 'reminder-acts');
  expect(await reminderOf(disputed)).toMatchObject({
    state: 'disputed',
    note: '數量不符',
    promise: { amount: '300.00', date: day(5) },
  });

  await view('欠款');
  await command(line, '列印催繳單');
  await message(page, '1 個客戶未出催繳單').filter({ hasText: '催繳已暫停' }).waitFor();
  await view('提醒');
  await chooseState('有爭議');
  await line.waitFor();
  const { customerId, id } = disputed;
  await sales
    .post(`/customers/${customerId}/purchases/${id}/payments`, { amount: '680.00', paidOn: day(0), method: 'cash' })
    .expect(201);
  await line.waitFor({ state: 'detached' });
  await chooseState('已結清');
  await line.click({ button: 'right' });
  await page.getByRole('menuitem', { name: '確認收到', disabled: true }).waitFor();
  await page.keyboard.press('Escape');
});

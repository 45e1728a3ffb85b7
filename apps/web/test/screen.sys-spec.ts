import type { Browser, Page } from 'playwright-core';
import type { Api } from '#testing/api';
import { eventually } from '#testing/eventually';
import { startTestSystem, type TestSystem } from '#testing/system';
import { message, openBrowser, row, screenshot, signedIn, zone } from './browser.js';
import { day } from './gallery.data.js';

let test: TestSystem;
let browser: Browser;
let admin: Api;
let sales: Api;
let page: Page;

beforeAll(async () => {
  test = await startTestSystem();
  browser = await openBrowser();
  [admin, sales] = await Promise.all([test.as('admin'), test.as('sales01')]);
  const categoryId = (await admin.post('/product-categories', { name: '軟件' }).expect(201)).body.id;
  for (const [code, name, guidePrice] of [
    ['P1', '進銷存系統', '12800.00'],
    ['P2', '條碼打印機', '2350.00'],
    ['P3', '掃描槍', '680.00'],
  ]) {
    await admin.post('/products', { code, name, guidePrice, unit: '套', kind: 'goods', categoryId }).expect(201);
  }
  for (const [name, keyword] of [
    ['廣州百果園有限公司', '百果園'],
    ['上海永輝超市', '永輝'],
    ['杭州大疆創新', '大疆'],
  ]) {
    await sales.post('/customers', { name, keyword }).expect(201);
  }
  await (await test.as('sales02')).post('/customers', { name: '中興集團', keyword: '中興' }).expect(201);
  page = await signedIn(browser, test, 'sales01');
});
afterAll(async () => {
  await browser?.close();
  await test?.close();
});

const passwordOf = (username: string) => test.system.accounts.find((one) => one.username === username)?.password ?? '';

it('is one screen of nine zones; choosing a status fills the customers [W1]', async () => {
  for (const number of [1, 2, 3]) await zone(page, number).waitFor();
  for (const name of ['聯繫人', '日誌及維護記錄', '售前報價', '購買情況', '授權', '費用催繳']) {
    await page.getByRole('tab', { name }).waitFor();
  }
  await row(page, 2, '百果園').waitFor();
  await row(page, 1, '正式客户').click();
  await row(page, 2, '百果園').waitFor({ state: 'detached' });
  await row(page, 1, '全部').filter({ hasText: '3' }).click();
  await row(page, 2, '百果園').waitFor();
});

it('right-click on a status creates a customer, and the administrator renames it there [W2]', async () => {
  await zone(page, 1).locator('.grid-row').nth(1).click({ button: 'right' });
  await page.getByRole('menuitem', { name: '創建客戶' }).click();
  await page.getByRole('dialog', { name: '創建客戶' }).waitFor();
  await page.getByRole('dialog').getByRole('button', { name: '取消' }).click();

  const theirs = await signedIn(browser, test, 'admin');
  await zone(theirs, 1).locator('.grid-row').nth(1).click({ button: 'right' });
  await theirs.getByRole('menuitem', { name: '重新命名' }).click();
  await theirs.getByRole('dialog').getByLabel('狀態').first().fill('新意向客戶');
  await theirs.getByRole('dialog').getByRole('button', { name: '儲存' }).click();
  await row(theirs, 1, '新意向客戶').waitFor();
  await message(theirs, '新意向客戶').waitFor();
  await theirs.context().close();
});

it("the command at the top creates a customer; a colleague's keyword is warned of, and acknowledged [W6, W7]", async () => {
  await page.getByRole('banner').getByRole('button', { name: '創建客戶' }).click();
  const dialog = page.getByRole('dialog', { name: '創建客戶' });
  const red = await dialog.locator('label', { hasText: '客戶名稱' }).evaluate((label) => getComputedStyle(label).color);
  expect(red).toBe('rgb(179, 38, 30)');
  expect(await dialog.getByLabel('創建日期').inputValue()).toBe(day(0));
  await dialog.getByLabel('創建日期').fill(day(-400));
  await dialog.getByLabel('客戶名稱').fill('深圳市中興通信股份有限公司');
  await dialog.getByLabel('關鍵字').fill('深圳市中興通信股份有限公司');
  await dialog.getByText('關鍵字偏長').waitFor();
  await dialog.getByLabel('關鍵字').fill('中興');
  await dialog.getByRole('alert').filter({ hasText: '中興集團' }).waitFor();
  await dialog.getByText('確認不是重複客戶').click();
  await screenshot(page, 'form-duplicates');
  await dialog.getByRole('button', { name: '確定' }).click();
  await row(page, 2, '深圳市中興通信')
    .filter({ hasText: day(-400) })
    .waitFor();
  await message(page, '創建客戶 深圳市中興通信').waitFor();
});

it('what is changed elsewhere shows up by itself [W15]', async () => {
  await sales.post('/customers', { name: '成都天府商貿', keyword: '天府' }).expect(201);
  await row(page, 2, '成都天府商貿').waitFor();
});

it('a draft survives a reload [W14]', async () => {
  await page.getByRole('banner').getByRole('button', { name: '創建客戶' }).click();
  await page.getByRole('dialog').getByLabel('客戶名稱').fill('半途而廢');
  await page.reload();
  const dialog = page.getByRole('dialog', { name: '創建客戶' });
  await dialog.getByText('已恢復').waitFor();
  expect(await dialog.getByLabel('客戶名稱').inputValue()).toBe('半途而廢');
  await dialog.getByRole('button', { name: '取消' }).click();
});

it('right-click on a customer offers all that can be done with him [W3]', async () => {
  await row(page, 2, '永輝').click({ button: 'right' });
  for (const name of ['編輯客戶', '創建客戶', '刪除客戶', '匯出', '列印', '轉移客戶', '授權']) {
    await page.getByRole('menuitem', { name }).waitFor();
  }
  await screenshot(page, 'menu');
  await page.keyboard.press('Escape');
});

it('double-click edits; what somebody saved meanwhile is shown beside it [W4, W14]', async () => {
  await row(page, 2, '大疆').dblclick();
  const dialog = page.getByRole('dialog', { name: '編輯客戶' });
  await dialog.getByLabel('地區').fill('杭州');
  const [found] = (await sales.get('/customers?q=大疆').expect(200)).body.items;
  await sales.patch(`/customers/${found.id}`, { phone: '0571-1' }).expect(200);
  await dialog.getByRole('button', { name: '確定' }).click();
  await dialog.getByText('他人已先儲存').waitFor();
  await screenshot(page, 'stale-edit');
  await dialog.getByRole('button', { name: '儲存所選內容' }).click();
  await dialog.waitFor({ state: 'hidden' });
  const saved = (await sales.get(`/customers/${found.id}`).expect(200)).body;
  expect([saved.region, saved.phone]).toEqual(['杭州', '0571-1']);
});

it('several products chosen with Ctrl or Shift are added and saved together, and arrears are marked [W8, W9]', async () => {
  await row(page, 2, '百果園').click();
  await page.getByRole('tab', { name: '購買情況' }).click();
  await zone(page, 7).getByRole('button', { name: '新增商品' }).click();
  const chooser = page.getByRole('dialog', { name: '選擇商品' });
  const product = (name: string) => chooser.locator('.grid-row', { hasText: name });
  await chooser.getByRole('treeitem', { name: '軟件' }).click();
  await product('進銷存系統').waitFor();
  await chooser.getByLabel('按名稱或編號搜尋').fill('掃描');
  await product('進銷存系統').waitFor({ state: 'detached' });
  await chooser.getByLabel('按名稱或編號搜尋').fill('');
  await product('進銷存系統').click();
  await product('掃描槍').click({ modifiers: ['Shift'] });
  await chooser.getByRole('button', { name: '確定（3）' }).waitFor();
  await product('條碼打印機').click({ modifiers: ['Control'] });
  await screenshot(page, 'chooser');
  await chooser.getByRole('button', { name: '確定（2）' }).click();
  const line = zone(page, 7).getByRole('group', { name: '掃描槍' });
  expect(await line.getByLabel('單價').inputValue()).toBe('680.00');
  await line.getByLabel('數量').fill('3');
  expect(await line.locator('output').textContent()).toBe('2,040.00');
  await line.getByLabel('已付金額').fill('40');
  await zone(page, 7).getByRole('button', { name: '儲存' }).click();
  await row(page, 7, '掃描槍').locator('[data-arrears]').filter({ hasText: '2,000.00' }).waitFor();
  await message(page, '登記 2 條購買').waitFor();
  await screenshot(page, 'purchases');
});

it('the last price that this customer had stands beside the unit price, and what is typed survives a reload [S6, W14]', async () => {
  await zone(page, 7).getByRole('button', { name: '新增商品' }).click();
  await page.getByRole('dialog').locator('.grid-row', { hasText: '掃描槍' }).dblclick();
  const line = zone(page, 7).getByRole('group', { name: '掃描槍' });
  await line.getByText('指導價 680.00 · 上次 680.00').waitFor();
  await line.getByLabel('數量').fill('7');
  await page.reload();
  expect(await line.getByLabel('數量').inputValue()).toBe('7');
  await zone(page, 7).getByRole('button', { name: '取消' }).click();
});

it('a failure is told with its reason, and nothing stands in the way [W5]', async () => {
  await row(page, 7, '掃描槍').click({ button: 'right' });
  await page.getByRole('menuitem', { name: '刪除' }).click();
  await page.getByRole('dialog').getByLabel('原因').fill('錯誤');
  await page.getByRole('dialog').getByRole('button', { name: '刪除' }).click();
  await message(page, '刪除購買 掃描槍').locator('.message-reason').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: '取消' }).click();
});

it('a transfer is undone from its message [W5]', async () => {
  await row(page, 2, '永輝').click({ button: 'right' });
  await page.getByRole('menuitem', { name: '轉移客戶' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('轉給').fill('sales02');
  await page.locator('.ant-select-item-option', { hasText: '02' }).click();
  await dialog.getByLabel('原因').fill('休假');
  await dialog.getByText('客戶 1 個').waitFor();
  await dialog.getByRole('button', { name: '確定' }).click();
  await row(page, 2, '永輝').waitFor({ state: 'detached' });
  await message(page, '轉移客戶').getByRole('button', { name: '復原' }).click();
  await row(page, 2, '永輝').waitFor();
});

it('an edit shows at once, and is taken back in sight when it is refused [W5]', async () => {
  let refuse = () => {};
  const decided = new Promise<void>((resolve) => (refuse = resolve));
  await page.route('**/api/v1/customers/*', async (route) => {
    if (route.request().method() !== 'PATCH') return route.fallback();
    await decided;
    const problem = { type: 'urn:hongfuxing:problem:unavailable', title: '服務暫時無法使用', status: 503 };
    await route.fulfill({ status: 503, contentType: 'application/problem+json', body: JSON.stringify(problem) });
  });
  await row(page, 2, '天府').dblclick();
  await page.getByRole('dialog').getByLabel('客戶名稱').fill('成都天府集團');
  await page.getByRole('dialog').getByRole('button', { name: '確定' }).click();
  await row(page, 2, '成都天府集團').waitFor();
  refuse();
  await message(page, '編輯客戶 成都天府').filter({ hasText: '服務暫時無法使用' }).waitFor();
  await row(page, 2, '成都天府商貿').waitFor();
  await page.unrouteAll();
  await page.getByRole('dialog').getByRole('button', { name: '取消' }).click();
});

it('a lost connection says so, recovers, and catches up [W15]', async () => {
  await page.context().setOffline(true);
  await page.getByRole('status').filter({ hasText: '連線中斷' }).waitFor();
  await sales.post('/customers', { name: '斷線期間的客戶', keyword: '斷線' }).expect(201);
  await page.context().setOffline(false);
  await row(page, 2, '斷線期間的客戶').waitFor();
  await page.getByRole('status').filter({ hasText: '連線中斷' }).waitFor({ state: 'detached' });
});

it('who has to sign in again does so over the page, and loses nothing that he has typed [W14]', async () => {
  await page.getByRole('banner').getByRole('button', { name: '創建客戶' }).click();
  const form = page.getByRole('dialog', { name: '創建客戶' });
  await form.getByLabel('客戶名稱').fill('打了一半的名稱');
  await sales.post('/auth/logout-all').expect(204);
  sales = await test.as('sales01');
  await form.getByLabel('關鍵字').fill('一半');
  const again = page.getByRole('dialog', { name: '登入已失效' });
  await again.getByLabel('密碼', { exact: true }).fill(passwordOf('sales01'));
  await again.getByRole('button', { name: '登入', exact: true }).click();
  await again.waitFor({ state: 'detached' });
  expect(await form.getByLabel('客戶名稱').inputValue()).toBe('打了一半的名稱');
  await form.getByRole('button', { name: '確定' }).click();
  await row(page, 2, '打了一半的名稱').waitFor();
});

it('prints the customer and the list, and exports what is listed [W3, W13]', async () => {
  const printed = (text: string) =>
    page.frameLocator('#printing').getByText(text).first().waitFor({ state: 'attached' });
  await row(page, 2, '百果園').click({ button: 'right' });
  await page.getByRole('menuitem', { name: '列印' }).click();
  await message(page, '列印客戶 廣州百果園').waitFor();
  await printed('購買情況');
  await zone(page, 2).getByRole('button', { name: '列印列表' }).click();
  await printed('上海永輝超市');
  await row(page, 2, '百果園').click({ button: 'right' });
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: '匯出' }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/\.xlsx$/);
});

it('several customers are changed at once [C29]', async () => {
  for (const name of ['大疆', '永輝']) await row(page, 2, name).getByRole('checkbox').click();
  const bar = page.getByRole('toolbar', { name: '已選 2 個' });
  await bar.getByRole('button', { name: '加標籤' }).click();
  await page.getByRole('searchbox', { name: '加標籤' }).fill('重點');
  await page.keyboard.press('Enter');
  await message(page, '批次修改 2 個客戶').waitFor();
  for (const name of ['大疆', '永輝']) await row(page, 2, name).filter({ hasText: '重點' }).waitFor();
  await bar.getByRole('button', { name: '取消' }).click();
});

it('panes are resized, and are so again after a reload [W12]', async () => {
  const width = async () => Math.round((await zone(page, 1).boundingBox())?.width ?? 0);
  const before = await width();
  const handle = await page.locator('.separator[aria-orientation="vertical"]').boundingBox();
  const { x = 0, y = 0 } = handle ?? {};
  await page.mouse.move(x + 4, y + 300);
  await page.mouse.down();
  await page.mouse.move(x + 124, y + 300, { steps: 4 });
  await page.mouse.up();
  await eventually(async () => expect(await width()).toBeGreaterThan(before + 80));
  const after = await width();
  await page.reload();
  await zone(page, 2).waitFor();
  await eventually(async () => expect(Math.abs((await width()) - after)).toBeLessThan(3));
});

it('prints the dunning notice from zone 9 [W10]', async () => {
  await page.getByRole('tab', { name: '費用催繳' }).click();
  await row(page, 9, '百果園').first().click({ button: 'right' });
  await page.getByRole('menuitem', { name: '列印催繳單' }).click();
  await message(page, '百果園有限公司 的催繳單').waitFor();
  await screenshot(page, 'receivables');
});

it('the palette and the keys do what the menus do [W11]', async () => {
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: '命令' }).fill('鍵盤');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: '鍵盤操作' }).waitFor();
  await page.keyboard.press('Escape');
  await zone(page, 2).getByRole('grid').focus();
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: '鍵盤操作' }).getByText('該列的選單').waitFor();
  await page.keyboard.press('Escape');
  await zone(page, 2).getByRole('grid').focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('Shift+F10');
  await page.getByRole('menuitem', { name: '編輯客戶' }).waitFor();
  await page.keyboard.press('Escape');
});

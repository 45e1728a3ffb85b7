import type { Browser, Page } from 'playwright-core';
import { wallClock } from '#messaging/clock';
import type { Api } from '#testing/api';
import { eventually } from '#testing/eventually';
import { startTestSystem, type TestSystem } from '#testing/system';
import { message, openBrowser, row, screenshot, seriousFaults, signedIn, zone } from './browser.js';

const DAY = 86_400_000;
const day = (from: number) => new Date(wallClock() + from * DAY).toISOString().slice(0, 10);

let test: TestSystem;
let browser: Browser;
let admin: Api;
let theirs: Page;

beforeAll(async () => {
  test = await startTestSystem();
  browser = await openBrowser();
  admin = await test.as('admin');
  await admin.post('/products', { code: 'P1', name: '進銷存系統', guidePrice: '12800.00', unit: '套', kind: 'goods' });
  theirs = await signedIn(browser, test, 'admin');
});
afterAll(async () => {
  await browser?.close();
  await test?.close();
});

const open = (page: Page, path: string) => page.goto(`${test.system.url}/${path}`);
const save = (page: Page) => page.getByRole('dialog').getByRole('button', { name: '儲存' }).click();

it("a newcomer's first customer: contact, quote, purchase in arrears with a service fee, and the notice [W1, W9, W10]", async () => {
  const page = await signedIn(browser, test, 'sales01');
  await page.getByRole('banner').getByRole('button', { name: '創建客戶' }).click();
  const form = page.getByRole('dialog', { name: '創建客戶' });
  await form.getByLabel('客戶名稱').fill('廣州百果園有限公司');
  await form.getByLabel('關鍵字').fill('百果園');
  await form.getByRole('button', { name: '確定' }).click();
  await row(page, 2, '百果園').click();

  await page.getByRole('tab', { name: '聯繫人' }).click();
  await zone(page, 4).getByRole('button', { name: '新增聯繫人' }).click();
  await page.getByRole('dialog').getByLabel('姓名').fill('王小明');
  await page.getByRole('dialog').getByRole('button', { name: '確定' }).click();
  await row(page, 4, '王小明').waitFor();

  await page.getByRole('tab', { name: '售前報價' }).click();
  await zone(page, 6).getByRole('button', { name: '新增報價' }).click();
  const quote = page.getByRole('dialog', { name: '新增報價' });
  await quote.getByRole('button', { name: '新增自由行' }).click();
  await quote.getByLabel('商品或說明').fill('安裝與培訓');
  await quote.getByLabel('單價').fill('3000');
  await quote.getByRole('button', { name: '確定' }).click();
  await row(page, 6, '3,000.00').waitFor();

  await page.getByRole('tab', { name: '購買情況' }).click();
  await zone(page, 7).getByRole('button', { name: '新增商品' }).click();
  const chooser = page.getByRole('dialog', { name: '選擇商品' });
  await chooser.locator('.grid-row', { hasText: '進銷存系統' }).click();
  await chooser.getByRole('button', { name: '確定（1）' }).click();
  const line = zone(page, 7).getByRole('group', { name: '進銷存系統' });
  await line.getByLabel('數量').fill('1');
  await line.getByLabel('已付金額').fill('2800');
  await line.getByLabel('銷售日期').fill(day(-60));
  await line.getByLabel('到期日').fill(day(-30));
  await line.getByLabel('年服務費').fill('1200');
  await line.getByLabel('服務截止期限').fill(day(10));
  await line.getByText('催繳').click();
  await zone(page, 7).getByRole('button', { name: '儲存' }).click();
  await row(page, 7, '進銷存系統').locator('[data-arrears]').filter({ hasText: '10,000.00' }).waitFor();

  await page.getByRole('tab', { name: '費用催繳' }).click();
  await row(page, 9, '百果園').filter({ hasText: '10,000.00' }).click({ button: 'right' });
  await page.getByRole('menuitem', { name: '列印催繳單' }).click();
  await message(page, '百果園有限公司 的催繳單').waitFor();
  const [notice] = (await admin.get('/dunning-notices').expect(200)).body.items;
  const amounts = (notice.lines as { kind: string; amount: string }[]).map(({ kind, amount }) => `${kind} ${amount}`);
  expect(amounts.sort()).toEqual(['arrears 10000.00', 'service-fee 1200.00']);
  await page.context().close();
});

it('another salesperson sees none of it; after a delegation he sees it live; after take-back it is gone, live [W15]', async () => {
  const [mine, his] = [await signedIn(browser, test, 'sales01'), await signedIn(browser, test, 'sales02')];
  await row(mine, 2, '百果園').waitFor();
  expect(await row(his, 2, '百果園').count()).toBe(0);

  await row(mine, 2, '百果園').click({ button: 'right' });
  await mine.getByRole('menuitem', { name: '授權' }).click();
  await mine.getByRole('dialog').getByLabel('授權給').fill('sales02');
  await mine.locator('.ant-select-item-option', { hasText: '02' }).click();
  await mine.getByRole('dialog').getByLabel('原因').fill('休假');
  await mine.getByRole('dialog').getByRole('button', { name: '確定' }).click();
  await row(his, 2, '百果園').click();

  await his.getByRole('tab', { name: '聯繫人' }).click();
  await zone(his, 4).getByRole('button', { name: '新增聯繫人' }).click();
  await his.getByRole('dialog').getByLabel('姓名').fill('李代理');
  await his.getByRole('dialog').getByRole('button', { name: '確定' }).click();
  await row(his, 4, '李代理').waitFor();

  await row(mine, 2, '百果園').click();
  await mine.getByRole('tab', { name: '授權' }).click();
  await zone(mine, 8).locator('.grid-row').first().dblclick();
  const summary = mine.getByRole('dialog', { name: '代理期間的工作' });
  await summary.getByRole('listitem').filter({ hasText: '聯繫人 創建' }).waitFor();
  await screenshot(mine, 'hand-back');
  await mine.keyboard.press('Escape');
  await zone(mine, 8).locator('.grid-row').first().click({ button: 'right' });
  await mine.getByRole('menuitem', { name: '收回授權' }).click();
  await row(his, 2, '百果園').waitFor({ state: 'detached' });
  await Promise.all([mine.context().close(), his.context().close()]);
});

it("the administrator saves the organisation's settings; a fault is told at its field [W17]", async () => {
  await open(theirs, 'settings');
  await theirs.getByLabel('公司名稱').fill('鴻富興科技');
  await theirs.getByLabel('寄件者').fill('沒有地址');
  const panel = theirs.getByRole('region', { name: '公司', exact: true });
  await panel.getByRole('button', { name: '儲存' }).click();
  await panel.getByText('格式不正確').waitFor();
  await theirs.getByLabel('寄件者').fill('crm@example.com');
  await panel.getByRole('button', { name: '儲存' }).click();
  await theirs.getByRole('log').filter({ hasText: '修改公司設定' }).waitFor();
  const settings = (await admin.get('/settings').expect(200)).body;
  expect([settings.organisationName, settings.mail.from]).toEqual(['鴻富興科技', 'crm@example.com']);
  await screenshot(theirs, 'settings');
  expect(await seriousFaults(theirs)).toEqual([]);
});

it('what another has saved meanwhile is shown beside what one has typed, and neither is lost [W14, W17]', async () => {
  await open(theirs, 'settings');
  const panel = theirs.getByRole('region', { name: '公司', exact: true });
  await panel.getByLabel('公司名稱').fill('鴻富興集團');
  await admin.patch('/settings', { paymentTermDays: 45, mail: { from: 'office@example.com' } }).expect(200);
  await panel.getByRole('button', { name: '儲存', exact: true }).click();
  const stale = panel.getByRole('alert').filter({ hasText: '他人已先儲存' });
  await stale
    .getByRole('row')
    .filter({ hasText: 'crm@example.com' })
    .filter({ hasText: 'office@example.com' })
    .waitFor();
  await screenshot(theirs, 'settings-stale');
  await stale.getByRole('button', { name: '儲存所選內容' }).click();
  await stale.waitFor({ state: 'detached' });
  const settings = (await admin.get('/settings').expect(200)).body;
  expect([settings.organisationName, settings.paymentTermDays, settings.mail.from]).toEqual([
    '鴻富興集團',
    45,
    'office@example.com',
  ]);
});

it('a team is made, and a user put into it [W17]', async () => {
  await open(theirs, 'users');
  await theirs.getByRole('button', { name: '新增團隊' }).click();
  await theirs.getByRole('dialog').getByLabel('團隊', { exact: true }).fill('華南區');
  await save(theirs);
  await theirs.getByRole('treeitem', { name: /華南區/ }).waitFor();
  await theirs.locator('.grid-row', { hasText: 'sales03' }).dblclick();
  await theirs.getByRole('dialog').getByLabel('團隊', { exact: true }).click();
  await theirs.locator('.ant-select-tree-title', { hasText: '華南區' }).click();
  await save(theirs);
  await theirs.locator('.grid-row', { hasText: 'sales03' }).filter({ hasText: '華南區' }).waitFor();
  await screenshot(theirs, 'users');
  expect(await seriousFaults(theirs)).toEqual([]);
});

it("the list of customers is narrowed to a team's [P8]", async () => {
  const member = await test.as('sales03');
  const { body } = await member.post('/customers', { name: '佛山華南陶瓷', keyword: '華南陶瓷' }).expect(201);
  await open(theirs, 'customers');
  await row(theirs, 2, '百果園').waitFor();
  await zone(theirs, 2).getByRole('button', { name: '篩選' }).click();
  await theirs.getByLabel('團隊', { exact: true }).click();
  await theirs.locator('.ant-select-tree-title', { hasText: '華南區' }).click();
  await row(theirs, 2, '百果園').waitFor({ state: 'detached' });
  await row(theirs, 2, '華南陶瓷').waitFor();
  await member.delete(`/customers/${body.id}`).expect(204);
});

it('what a leaver holds goes to others in one act, after a look at it [P20] [W17]', async () => {
  await open(theirs, 'users');
  await theirs.locator('.grid-row', { hasText: 'sales01' }).click({ button: 'right' });
  await theirs.getByRole('menuitem', { name: '移交客戶…' }).click();
  const dialog = theirs.getByRole('dialog', { name: /^移交.*名下的一切$/ });
  await dialog.getByLabel('移交給').fill('sales03');
  await theirs.locator('.ant-select-item-option', { hasText: 'sales03' }).click();
  await dialog.getByLabel('原因').fill('離職');
  await dialog.getByRole('alert').filter({ hasText: '將得到客戶 1 · 欠款 1 筆' }).waitFor();
  await screenshot(theirs, 'hand-over');
  await dialog.getByRole('button', { name: '確定' }).click();
  await theirs.getByRole('log').filter({ hasText: '名下的客戶' }).waitFor();
  const names = async () => {
    const { body } = await (await test.as('sales03')).get('/customers').expect(200);
    return (body as { items: { keyword: string }[] }).items.map(({ keyword }) => keyword);
  };
  expect(await names()).toEqual(['百果園']);
  await theirs.getByRole('log').getByRole('button', { name: '復原' }).click();
  await theirs.getByRole('log').filter({ hasText: '復原' }).waitFor();
  await eventually(async () => expect(await names()).toEqual([]));
});

it('an API token is made and shown once [W17]', async () => {
  await theirs.getByRole('banner').getByRole('button', { name: '帳戶' }).click();
  await theirs.getByRole('menuitem', { name: 'API 權杖' }).click();
  const dialog = theirs.getByRole('dialog', { name: 'API 權杖' });
  await dialog.getByRole('button', { name: '新增權杖' }).click();
  await dialog.getByLabel('名稱').fill('報表程式');
  await dialog.getByLabel('權限').fill('customers.read');
  await theirs.locator('.ant-select-item-option', { hasText: 'customers.read' }).click();
  // The list of permissions closes with it.
  await dialog.getByLabel('名稱').click();
  await dialog.getByRole('button', { name: '產生' }).click();
  const token = await dialog.getByText(/^hfx_/).textContent();
  expect(token).toMatch(/^hfx_[\w-]{43}/);
  await dialog.locator('.grid-row', { hasText: '報表程式' }).waitFor();
  await theirs.keyboard.press('Escape');
});

it("a digest's link leads to the fees that fall due within its days [W17]", async () => {
  await open(theirs, 'receivables?within=P60D');
  await theirs.getByText('60 天內').waitFor();
  await theirs.locator('.grid-row', { hasText: '百果園' }).filter({ hasText: '1,200.00' }).waitFor();
  await screenshot(theirs, 'fees');
});

import type { Browser, Page } from 'playwright-core';
import { wallClock } from '#messaging/clock';
import type { Api } from '#testing/api';
import { eventually } from '#testing/eventually';
import { startTestSystem, type TestSystem } from '#testing/system';
import { message, openBrowser, row, screenshot, signedIn, zone } from './browser.js';
import { bring, day } from './gallery.data.js';

let test: TestSystem;
let browser: Browser;
let admin: Api;

beforeAll(async () => {
  test = await startTestSystem();
  browser = await openBrowser();
  admin = await test.as('admin');
});
afterAll(async () => {
  await browser?.close();
  await test?.close();
});

it('filters are kept as views: one’s own, and one that all may use and see their own by; each is its owner’s to delete [C28]', async () => {
  const [sales, colleague] = await Promise.all([test.as('sales01'), test.as('sales02')]);
  for (const [name, keyword] of [
    ['廣州百果園有限公司', '百果園'],
    ['上海永輝超市', '永輝'],
    ['杭州大疆創新', '大疆'],
  ]) {
    await sales.post('/customers', { name, keyword }).expect(201);
  }
  await colleague.post('/customers', { name: '廣州立白集團', keyword: '立白' }).expect(201);
  const [page, theirs] = [await signedIn(browser, test, 'sales01'), await signedIn(browser, test, 'sales02')];
  const views = (of: Page) => of.locator('.ant-popover:visible').filter({ hasText: '儲存檢視' });
  const viewsOf = async (of: Api) => (await of.get('/saved-views').expect(200)).body.items as object[];
  const list = async (of: Page) => {
    if (!(await views(of).isVisible())) await zone(of, 2).getByRole('button', { name: '檢視' }).click();
    return views(of);
  };
  const save = async (name: string, shared: boolean) => {
    const form = await list(page);
    await form.getByLabel('將目前篩選儲存為').fill(name);
    if (shared) await form.getByText('所有人可用').click();
    await form.getByRole('button', { name: '儲存檢視' }).click();
    await form.getByRole('button', { name }).first().waitFor();
    await page.keyboard.press('Escape');
  };
  const search = (of: Page) => zone(of, 2).getByRole('searchbox');

  await row(page, 2, '大疆').waitFor();
  await search(page).fill('廣州');
  await search(page).press('Enter');
  await row(page, 2, '大疆').waitFor({ state: 'detached' });
  await save('廣州的', true);
  await search(page).fill('永輝');
  await search(page).press('Enter');
  await row(page, 2, '百果園').waitFor({ state: 'detached' });
  await save('永輝的', false);
  expect(await viewsOf(sales)).toMatchObject([
    { name: '廣州的', shared: true, query: { q: '廣州' } },
    { name: '永輝的', shared: false, query: { q: '永輝' } },
  ]);

  await page.goto(`${test.system.url}/customers`);
  await row(page, 2, '大疆').waitFor();
  await (await list(page)).getByRole('button', { name: '永輝的', exact: true }).click();
  await row(page, 2, '大疆').waitFor({ state: 'detached' });
  expect(await search(page).inputValue()).toBe('永輝');
  await row(page, 2, '永輝').waitFor();

  await (await list(theirs)).getByRole('button', { name: '廣州的' }).waitFor();
  await screenshot(theirs, 'views');
  expect(await views(theirs).getByRole('button', { name: '永輝的' }).count()).toBe(0);
  expect(await views(theirs).getByRole('button', { name: '刪除檢視' }).count()).toBe(0);
  await views(theirs).getByRole('button', { name: '廣州的' }).click();
  await row(theirs, 2, '立白').waitFor();
  expect(await row(theirs, 2, '百果園').count()).toBe(0);
  await theirs.context().close();

  await (await list(page)).getByRole('button', { name: '刪除檢視 廣州的' }).click();
  await message(page, '刪除檢視 廣州的').waitFor();
  await views(page).getByText('廣州的').waitFor({ state: 'detached' });
  expect(await viewsOf(colleague)).toEqual([]);
});

it('what is selected stays so however far one scrolls, and all of it is changed and transferred at once [C29, C36]', async () => {
  const many = Array.from({ length: 1_400 }, (_, index) => `DD${index},連鎖分店第${index}號,分店${index},sales03`);
  await bring(admin, 'customers', ['code,name,keyword,owner', ...many].join('\n'));
  const theirs = await signedIn(browser, test, 'sales03');
  const grid = zone(theirs, 2).getByRole('grid');
  const at = (index: number) => grid.locator(`.grid-row[aria-rowindex="${index + 2}"]`);
  const bar = (count: number) => theirs.getByRole('toolbar', { name: `已選 ${count} 個` });
  const select = (index: number) => at(index).getByRole('checkbox').click();
  await select(0);
  await select(1);
  await grid.focus();
  for (let reached = 0; reached < 1_400;) {
    await theirs.keyboard.press('End');
    const before = reached;
    reached = await eventually(async () => {
      const now = Number(await grid.getAttribute('aria-rowcount')) - 1;
      expect(now).toBeGreaterThan(before);
      return now;
    });
  }
  // All that is kept, five pages, and the two that aren't; then those two and the last.
  await theirs.keyboard.press('End');
  await theirs.keyboard.press('Control+a');
  await bar(1_002).waitFor();
  await grid.getByRole('checkbox', { name: '全選' }).click();
  await select(1_399);
  await bar(3).getByRole('button', { name: '加標籤' }).click();
  await theirs.getByRole('searchbox', { name: '加標籤' }).fill('重點');
  await theirs.keyboard.press('Enter');
  await message(theirs, '批次修改 3 個客戶').waitFor();
  expect(await admin.all('/customers?tag=重點')).toHaveLength(3);

  await grid.focus();
  await theirs.keyboard.press('Home');
  for (const index of [0, 1]) await at(index).and(theirs.locator('[aria-selected="true"]')).waitFor();
  await bar(3).getByRole('button', { name: '轉移客戶' }).click();
  const form = theirs.getByRole('dialog');
  await form.getByLabel('轉給').fill('sales02');
  await theirs.locator('.ant-select-item-option', { hasText: '02' }).click();
  await form.getByLabel('原因').fill('調整');
  await form.getByText('客戶 3 個').waitFor();
  await form.getByRole('button', { name: '確定' }).click();
  await theirs.getByRole('toolbar', { name: '已選' }).waitFor({ state: 'detached' });
  await message(theirs, '轉移客戶').filter({ hasText: '3 個' }).waitFor();
  expect(await (await test.as('sales02')).all('/customers?tag=重點')).toHaveLength(3);
  await theirs.context().close();
});

it("today is the organisation's day, wherever the browser is [C5]", async () => {
  const dayIn = (zone: string) => new Intl.DateTimeFormat('sv-SE', { timeZone: zone }).format(wallClock());
  // At every moment it is another day in one of them.
  const timezoneId = ['Pacific/Kiritimati', 'Pacific/Midway'].find((zone) => dayIn(zone) !== day(0));
  const theirs = await signedIn(browser, test, 'sales02', { timezoneId });
  expect(await theirs.evaluate(() => new Intl.DateTimeFormat('sv-SE').format())).not.toBe(day(0));
  const form = theirs.getByRole('dialog', { name: '創建客戶' });
  const createdOn = form.getByLabel('創建日期');

  // The form has it too if it is there before anything is known of the organisation.
  let answer = () => {};
  const asked = new Promise<void>((resolve) => (answer = resolve));
  await theirs.route('**/api/v1/settings', async (route) => {
    await asked;
    await route.continue();
  });
  await theirs.goto(`${test.system.url}/customers?create`);
  await form.waitFor();
  await row(theirs, 1, '全部').waitFor();
  answer();
  expect(await createdOn.inputValue()).toBe(day(0));
  await form.getByLabel('客戶名稱').fill('廣州格力');
  await form.getByLabel('關鍵字').fill('格力');
  await form.getByRole('button', { name: '確定' }).click();
  await row(theirs, 2, '格力')
    .filter({ hasText: day(0) })
    .waitFor();
  expect(await admin.all('/customers?q=格力')).toMatchObject([{ createdOn: day(0) }]);
  await theirs.context().close();
});

import type { Browser, Page } from 'playwright-core';
import { eventually } from '#testing/eventually';
import { startTestSystem, type TestSystem } from '#testing/system';
import { openBrowser, openPage, row, screenshot, signIn, zone } from './browser.js';
import { bring, fill, type Filled } from './gallery.data.js';
import { adminScenes, zoneScenes } from './gallery.scenes.js';
import { Tour, type Scene } from './gallery.tour.js';

let test: TestSystem;
let browser: Browser;
let filled: Filled;

beforeAll(async () => {
  test = await startTestSystem();
  browser = await openBrowser();
  filled = await fill(test);
});
afterAll(async () => {
  await browser?.close();
  await test?.close();
});

const DESK = { locale: 'zh-CN' };
const PHONE = { locale: 'zh-CN', viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

async function tour(username: string, phone: boolean, scenes: (page: Page) => Promise<Scene[]>): Promise<string[]> {
  const page = await openPage(browser, phone ? PHONE : DESK);
  const guide = new Tour(page, phone);
  await page.goto(test.system.url);
  await guide.calm();
  await guide.look();
  await signIn(page, test, username);
  await guide.calm();
  for (const scene of await scenes(page)) await guide.visit(scene);
  await page.context().close();
  return guide.faults;
}

/** Every page of the router, as the administrator's navigation has them, and what opens over them. */
async function pages(page: Page): Promise<Scene[]> {
  const paths = await page.locator('.bar-links a').evaluateAll((links) => links.map((one) => one.getAttribute('href')));
  expect(paths.length).toBeGreaterThan(10);
  return [
    ...paths.map((path) => ({ name: `page${path?.replace('/', '-')}`, path: path ?? '' })),
    ...adminScenes(filled),
  ];
}
const zones = () => Promise.resolve(zoneScenes(filled));

it('every page and dialog, light, dark and on a phone: nothing beyond the edge, no serious fault, a quiet console [W11, W12, W13, W16, W17]', async () => {
  const faults = await Promise.all([
    tour('admin', false, pages),
    tour('admin', true, pages),
    tour('sales01', false, zones),
    tour('sales01', true, zones),
  ]);
  expect(faults.flat()).toEqual([]);
}, 600_000);

it('the list, the card and the notice fit their paper [W10, W13]', async () => {
  const [sales, page] = await Promise.all([test.as('sales01'), openPage(browser)]);
  const { customerId } = filled;
  const { body } = await sales.post('/dunning-notices', { customerIds: [customerId] }).expect(201);
  const [notice] = (body as { items: [{ id: string }] }).items;
  const sheets = {
    list: { path: '/customers/export?format=html', width: 1123 },
    card: { path: `/customers/${customerId}/print`, width: 794 },
    notice: { path: `/dunning-notices/${notice.id}`, width: 794 },
  };
  await page.emulateMedia({ media: 'print' });
  for (const [name, { path, width }] of Object.entries(sheets)) {
    await page.setViewportSize({ width, height: 1000 });
    await page.setContent((await sales.get(path).set('Accept', 'text/html').expect(200)).text);
    await page.getByText('百果园').first().waitFor();
    expect([name, await page.evaluate(() => document.documentElement.scrollWidth)]).toEqual([name, width]);
    await screenshot(page, `../gallery/printed-${name}`);
  }
  await page.context().close();
});

it('a list of thousands: few rows in the document, few pages kept, and none asked for that nobody looks at', async () => {
  const admin = await test.as('admin');
  const many = Array.from({ length: 2_400 }, (_, index) => `DD${index},连锁分店第${index}号,分店${index}`);
  await bring(admin, 'customers', ['code,name,keyword', ...many].join('\n'));
  const page = await openPage(browser, DESK);
  const asked: string[] = [];
  page.on('request', (request) => {
    if (/\/customers\?/.test(request.url())) asked.push(request.url());
  });
  await page.goto(test.system.url);
  await signIn(page, test, 'admin');
  await row(page, 2, '分店').first().waitFor();
  expect(new Set(asked).size).toBe(1);
  const grid = zone(page, 2).getByRole('grid');
  const last = () => grid.locator('.grid-row').last().getAttribute('aria-rowindex').then(Number);
  await grid.focus();
  for (let reached = 0; reached < 2_400;) {
    await page.keyboard.press('End');
    const before = reached;
    reached = await eventually(async () => {
      const now = await last();
      expect(now).toBeGreaterThan(before);
      return now;
    });
    expect(await grid.locator('.grid-row').count()).toBeLessThan(60);
  }
  expect(new Set(asked).size).toBeLessThan(15);
  // What was let go on the way comes again, as one goes back to it.
  await page.keyboard.press('Home');
  await grid.locator('.grid-row[aria-rowindex="2"]').waitFor();
  // A change makes the pages that are kept out of date, and no others.
  const settled = asked.length;
  await admin.post('/customers', { name: '新开分店', keyword: '新开' }).expect(201);
  await row(page, 2, '新开分店').waitFor();
  expect(asked.length - settled).toBeLessThanOrEqual(10);
  await page.context().close();
});

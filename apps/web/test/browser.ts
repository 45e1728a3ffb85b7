import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import axe from 'axe-core';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import type { TestSystem } from '#testing/system';

const SCREENS = join(import.meta.dirname, '../../../build/screens');
/** The first ones let root use it; the others keep it from talking to anybody but us. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export function openBrowser(): Promise<Browser> {
  const executablePath = process.env.HFX_CHROMIUM;
  if (!executablePath) throw new Error('HFX_CHROMIUM names no browser; `npm test` looks for one');
  return chromium.launch({ executablePath, args: FLAGS });
}

/** A page in which this user is signed in, in traditional Chinese. */
export async function signedIn(browser: Browser, { system }: TestSystem, username: string): Promise<Page> {
  const account = system.accounts.find((one) => one.username === username);
  if (!account) throw new Error(`No demo account ${username}`);
  const context: BrowserContext = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: 'zh-TW',
    colorScheme: 'light',
  });
  context.setDefaultTimeout(30_000);
  const page = await context.newPage();
  await page.goto(system.url);
  await page.getByLabel('使用者名稱').fill(account.username);
  await page.getByLabel('密碼', { exact: true }).fill(account.password);
  await page.getByRole('button', { name: '登入' }).click();
  await zone(page, 2).waitFor();
  return page;
}

export const zone = (page: Page, number: number) => page.locator(`[data-zone="${number}"]`);
export const row = (page: Page, number: number, text: string) =>
  zone(page, number).locator('.grid-row', { hasText: text });
/** The message zone's line about something. */
export const message = (page: Page, text: string) => zone(page, 3).locator('.message', { hasText: text });

export async function screenshot(page: Page, name: string): Promise<void> {
  mkdirSync(SCREENS, { recursive: true });
  await page.screenshot({ path: join(SCREENS, `${name}.png`) });
}

/** Serious faults that axe finds on the page, as it tells them. */
export async function seriousFaults(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: typeof axe }).axe.run(document, { resultTypes: ['violations'] }),
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${String(target)}`));
}

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import axe from 'axe-core';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
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

/** A page of its own that nobody is signed in to yet, in traditional Chinese unless told otherwise. */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: 'zh-TW',
    colorScheme: 'light',
    ...options,
  });
  context.setDefaultTimeout(30_000);
  return context.newPage();
}

/** Signs in on the page that asks for it, in whatever language. */
export async function signIn(page: Page, { system }: TestSystem, username: string): Promise<void> {
  const account = system.accounts.find((one) => one.username === username);
  if (!account) throw new Error(`No demo account ${username}`);
  await page.locator('input[autocomplete="username"]').fill(account.username);
  await page.locator('input[autocomplete="current-password"]').fill(account.password);
  await page.locator('button[type="submit"]').click();
  await zone(page, 2).waitFor();
}

/** A page in which this user is signed in, in traditional Chinese unless told otherwise. */
export async function signedIn(
  browser: Browser,
  test: TestSystem,
  username: string,
  options?: BrowserContextOptions,
): Promise<Page> {
  const page = await openPage(browser, options);
  await page.goto(test.system.url);
  await signIn(page, test, username);
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

/** Serious faults that axe finds in a part of the page, as it tells them; `rules`: of these alone. */
export async function seriousFaults(page: Page, part = 'html', rules?: string[]): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe.source);
  const { violations } = await page.evaluate(
    ([part, rules]) =>
      (globalThis as unknown as { axe: typeof axe }).axe.run(part, {
        resultTypes: ['violations'],
        ...(rules && { runOnly: rules }),
      }),
    [part, rules] as const,
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${String(target)}`));
}

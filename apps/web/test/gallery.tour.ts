import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { eventually } from '#testing/eventually';
import { seriousFaults } from './browser.js';

const GALLERY = join(import.meta.dirname, '../../../build/gallery');

/** Something of the app to look at: an address, and what a hand does there. */
export interface Scene {
  name: string;
  path: string;
  open?: (page: Page) => Promise<unknown>;
  /** What it is about: it must be there, and is judged; a dialog, where a hand has opened something. */
  part?: string;
  /** What a hand does to leave, where Escape isn't enough. */
  leave?: (page: Page) => Promise<unknown>;
}

/** One tab that goes through scenes, and notes what is wrong with each. */
export class Tour {
  readonly faults: string[] = [];
  private readonly pending = new Set<object>();
  private at = 'sign-in';
  private dark = false;

  constructor(
    private readonly page: Page,
    private readonly phone: boolean,
  ) {
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) this.note(`console: ${message.text()}`);
    });
    page.on('pageerror', (error) => this.note(`thrown: ${error.message}`));
    page.on('response', (response) => {
      if (response.status() >= 400) this.note(`${response.status()} ${response.request().method()} ${response.url()}`);
    });
    // The line of live events never ends.
    page.on('request', (request) => !request.url().endsWith('/events') && this.pending.add(request));
    page.on('requestfinished', (request) => this.pending.delete(request));
    page.on('requestfailed', (request) => {
      this.pending.delete(request);
      const reason = request.failure()?.errorText;
      // A page that is left gives up what it has asked for.
      if (reason !== 'net::ERR_ABORTED') this.note(`${reason} ${request.url()}`);
    });
  }

  /** Goes there without loading the app anew, as a link in it does; the navigation shows when it has come. */
  private async go(path: string): Promise<void> {
    await this.page.evaluate((to) => {
      history.pushState(null, '', to);
      dispatchEvent(new PopStateEvent('popstate'));
    }, path);
    const [, page] = /^\/([\w-]+)/.exec(path) ?? [];
    await this.page.locator(`.bar-links a.active[href="/${page}"]`).waitFor({ state: 'attached' });
  }

  /** Until all that was asked for has come, and is shown. */
  async calm(): Promise<void> {
    await eventually(
      async () => {
        const waiting = await this.page.evaluate(async () => {
          for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
          return document.querySelectorAll('.ant-spin, .ant-skeleton, [aria-busy="true"]').length;
        });
        expect([this.pending.size, waiting]).toEqual([0, 0]);
      },
      30_000,
      20,
    );
  }

  /** Whatever goes wrong there is noted, and the tour goes on. */
  async visit(scene: Scene): Promise<void> {
    this.at = scene.name;
    await this.through(scene).catch((error: unknown) => this.note(String(error)));
  }

  private async through({ path, open, part = open ? '[role="dialog"]' : 'html', leave }: Scene): Promise<void> {
    await this.go(path);
    await open?.(this.page);
    await this.page.locator(part).first().waitFor();
    await this.calm();
    await this.look();
    if (!this.phone) {
      await this.judge(part);
      await this.shade();
      await this.look();
      // By nothing but its colours the other one differs.
      await this.judge(part, ['color-contrast']);
    }
    await leave?.(this.page);
    if (open) await this.page.keyboard.press('Escape');
  }

  /** A picture; no page and no list goes on beyond its sides. */
  async look(): Promise<void> {
    const beyond = await this.page.evaluate(() =>
      [document.documentElement, ...document.querySelectorAll('.grid')]
        .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
        .map((part) => `${part.getAttribute('aria-label') ?? 'page'}: ${part.scrollWidth} px in ${part.clientWidth}`),
    );
    beyond.forEach((part) => this.note(part));
    await this.page.screenshot({ path: join(GALLERY, `${this.at}-${this.variant}.png`) });
  }

  private async judge(part: string, rules?: string[]): Promise<void> {
    for (const fault of await seriousFaults(this.page, part, rules)) this.note(fault);
  }

  /** From light to dark, or back; also when a dialog lies over the button. */
  private async shade(): Promise<void> {
    await this.page.locator('.preferences > button').last().dispatchEvent('click');
    this.dark = !this.dark;
    await this.calm();
  }

  private get variant(): string {
    return `${this.phone ? 'phone-' : ''}${this.dark ? 'dark' : 'light'}`;
  }

  private note(fault: string): void {
    this.faults.push(`${this.at}, ${this.variant}: ${fault}`);
  }
}

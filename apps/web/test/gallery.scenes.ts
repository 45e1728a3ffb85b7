import type { Page } from 'playwright-core';
import { texts as english } from '../src/texts/en/index.js';
import { texts as t } from '../src/texts/zh-hans/index.js';
import { texts as traditional } from '../src/texts/zh-hant/index.js';
import { row, zone } from './browser.js';
import type { Filled } from './gallery.data.js';
import type { Scene } from './gallery.tour.js';

const MENU = '.ant-dropdown:not(.ant-dropdown-hidden)';
const POPOVER = '.ant-popover:not(.ant-popover-hidden)';
const labelled = (label: string) => `[aria-label="${label}"]`;
const ofZone = (number: number) => `[data-zone="${number}"]`;

const dialog = (page: Page) => page.getByRole('dialog');
const press = (name: string) => (page: Page) => page.getByRole('button', { name }).first().click();
const key = (keys: string) => (page: Page) => page.keyboard.press(keys);

/** A command of a row's menu, by the button that a finger has for it; without a name the menu stays open. */
const command = (grid: string, text: string, name?: string) => async (page: Page) => {
  const line = page.locator(`[role="grid"][aria-label="${grid}"] .grid-row`, { hasText: text }).first();
  await line.locator('.grid-more').click();
  if (name) await page.getByRole('menuitem', { name, exact: true }).click();
};
const ofAccount = (name?: string) => async (page: Page) => {
  await page.getByRole('banner').getByRole('button', { name: t.session.account }).click();
  if (name) await page.getByRole('menuitem', { name }).click();
};
const ofCustomer = (name?: string) => command(t.zone.customers, '百果园', name);
const ofPurchase = (name: string) => command(t.zone.purchases, '激光扫描枪', name);
const ofStatus = (name?: string) => command(t.zone.statuses, '正式客户', name);
const view = (name: string) => (page: Page) => zone(page, 9).getByText(name, { exact: true }).click();

const speak = (language: string) => async (page: Page) => {
  await page.locator('.preferences > button').first().click();
  await page.getByRole('menuitem', { name: language }).click();
};

async function chooseProducts(page: Page): Promise<void> {
  await press(t.purchase.add)(page);
  const row = (name: string) => dialog(page).locator('.grid-row', { hasText: name });
  for (const name of ['激光扫描枪', '触摸屏收银机']) await row(name).getByRole('checkbox').click();
}

/** The screen of nine zones and what opens over it, as a salesperson has them. */
export function zoneScenes({ customerId }: Filled): Scene[] {
  const at = (tab: string) => `/customers?customer=${customerId}&tab=${tab}`;
  return [
    { name: 'zone-contacts', path: at('contacts'), part: ofZone(4) },
    { name: 'zone-log', path: at('log'), part: ofZone(5) },
    { name: 'zone-quotes', path: at('quotes'), part: ofZone(6) },
    { name: 'zone-purchases', path: at('purchases'), part: ofZone(7) },
    { name: 'zone-delegation', path: at('delegation'), part: ofZone(8) },
    { name: 'zone-arrears', path: at('receivables'), part: ofZone(9) },
    { name: 'zone-fees', path: at('receivables'), part: ofZone(9), open: view(t.receivable.views.fees) },
    { name: 'zone-reminders', path: at('receivables'), part: ofZone(9), open: view(t.receivable.views.reminders) },
    { name: 'customer-menu', path: at('contacts'), part: MENU, open: ofCustomer() },
    { name: 'customer-edit', path: at('contacts'), open: ofCustomer(t.customer.edit) },
    { name: 'customer-transfer', path: at('contacts'), open: ofCustomer(t.customer.transfer) },
    { name: 'customer-delegate', path: at('contacts'), open: ofCustomer(t.customer.delegate) },
    {
      name: 'customer-duplicates',
      path: '/customers?create',
      open: async (page) => {
        await dialog(page).getByLabel(t.customer.name).fill('深圳中兴电子有限公司');
        await dialog(page).getByLabel(t.customer.keyword).fill('中兴');
        await dialog(page).getByRole('alert').waitFor();
      },
    },
    {
      name: 'customer-bulk',
      path: '/customers',
      part: '.bulk',
      open: async (page) => {
        for (const name of ['百果园', '良品铺子', '狗不理']) await row(page, 2, name).getByRole('checkbox').click();
      },
      leave: (page) => page.locator('.bulk').getByRole('button', { name: t.form.cancel }).click(),
    },
    { name: 'customer-filters', path: '/customers', part: POPOVER, open: press(t.customer.filters) },
    { name: 'customer-views', path: '/customers', part: POPOVER, open: press(t.view.title) },
    { name: 'contact-form', path: at('contacts'), open: press(t.contact.add) },
    { name: 'quote-form', path: at('quotes'), open: command(t.zone.quotes, '41,800', t.quote.edit) },
    { name: 'product-chooser', path: at('purchases'), open: chooseProducts },
    {
      name: 'purchase-lines',
      path: at('purchases'),
      part: '.new-purchases',
      open: async (page) => {
        await chooseProducts(page);
        await dialog(page).locator('.ant-btn-primary').click();
      },
      leave: (page) => zone(page, 7).getByRole('button', { name: t.form.cancel }).click(),
    },
    { name: 'purchase-payments', path: at('purchases'), open: ofPurchase(t.purchase.menu.payments) },
    { name: 'purchase-edit', path: at('purchases'), open: ofPurchase(t.purchase.menu.edit) },
    { name: 'purchase-void', path: at('purchases'), open: ofPurchase(t.purchase.menu.void) },
    { name: 'purchase-renew', path: at('purchases'), open: command(t.zone.purchases, '收银机', t.purchase.menu.renew) },
    { name: 'reminder-promise', path: '/reminders', open: command(t.page.reminders, '', t.reminder.acts.promise) },
    { name: 'palette', path: '/customers', open: key('Control+k') },
    { name: 'shortcuts', path: '/customers', open: key('?') },
    { name: 'in-english', path: at('purchases'), part: labelled(english.zone.purchases), open: speak('English') },
    {
      name: 'in-traditional',
      path: at('purchases'),
      part: labelled(traditional.zone.purchases),
      open: speak('繁體中文'),
    },
  ];
}

/** What opens over the administrator's pages, and pages that are about one thing. */
export function adminScenes({ importId }: Filled): Scene[] {
  return [
    { name: 'import-done', path: `/imports/${importId}`, part: '.ant-progress' },
    { name: 'receivables-fees', path: '/receivables?within=P60D', part: labelled(t.receivable.within) },
    { name: 'user-form', path: '/users', open: press(t.people.add) },
    { name: 'user-hand-over', path: '/users', open: command(t.page.users, 'sales01', t.people.handOver) },
    { name: 'team-form', path: '/users', open: press(t.team.add) },
    { name: 'product-form', path: '/products', open: command(t.product.list, '收银机', t.catalogue.edit) },
    { name: 'category-form', path: '/products', open: press(t.catalogue.addCategory) },
    { name: 'field-form', path: '/settings', open: press(t.settings.addField) },
    { name: 'subscribe-form', path: '/digests', open: press(t.digest.subscribe) },
    { name: 'status-menu', path: '/customers', part: MENU, open: ofStatus() },
    { name: 'status-form', path: '/customers', open: ofStatus(t.status.rename) },
    { name: 'status-delete', path: '/customers', open: ofStatus(t.status.delete) },
    { name: 'account-menu', path: '/customers', part: MENU, open: ofAccount() },
    { name: 'password', path: '/customers', open: ofAccount(t.session.changePassword) },
    { name: 'tokens', path: '/customers', open: ofAccount(t.token.many) },
  ];
}

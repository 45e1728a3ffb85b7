import type { Response } from 'supertest';
import type { z } from 'zod';
import { resolveAccess, resolveScope } from '#contracts/access';
import { checkSession, listDirectory } from '#contracts/auth';
import { listArrears, type ArrearsRow } from '#contracts/billing';
import { listContacts } from '#contracts/contacts';
import { listCustomFields } from '#contracts/custom-fields';
import { listCustomers, getCustomer, type Customer, type CustomerQuery } from '#contracts/customers';
import { endTakeaway, listAudit, recordTakeaway, type LogEntry } from '#contracts/log';
import { listPurchases } from '#contracts/sales';
import { listStatuses } from '#contracts/statuses';
import { grantOf, id, someone, startGateway, type TestGateway } from './fake-platform.js';

const salesperson = someone('salesperson');
const finance = someone('finance');
const administrator = someone('administrator');
const statusId = id();
const entryId = id();
let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.app.close());
beforeEach(() => {
  gateway.bus.asked.length = 0;
  // What was known of sessions is forgotten.
  gateway.time.now += 2_000;
  gateway.bus.on(checkSession, () => ({ active: true }));
  gateway.bus.on(listStatuses, () => ({ items: [{ id: statusId, name: '意向客户' }], nextCursor: null }));
  gateway.bus.on(listCustomFields, () => ({ items: [], nextCursor: null }));
  gateway.bus.on(recordTakeaway, () => ({ id: entryId }));
  gateway.bus.on(endTakeaway, () => ({}));
  gateway.bus.on(listDirectory, () => ({
    items: [{ id: salesperson.userId, username: 'li', displayName: '李明' }],
    nextCursor: null,
  }));
});

const customer = (name: string, more: Partial<Customer> = {}): Customer => ({
  id: id(),
  name,
  keyword: name,
  statusId,
  ownerId: salesperson.userId,
  ownerName: '李明',
  createdOn: '2026-01-31',
  tags: [],
  customFields: {},
  access: { via: 'owner' },
  createdAt: '2026-01-31T00:00:00.000Z',
  updatedAt: '2026-01-31T00:00:00.000Z',
  version: 1,
  ...more,
});

/** A list of so many pages; each is one customer. */
function customersAre(rows: Customer[]): void {
  gateway.bus.on(listCustomers, ({ relation, cursor = '0' }: z.input<typeof CustomerQuery>) => {
    const found = rows.filter(({ access }) => relation !== 'delegated' || access.via === 'delegate');
    const place = Number(cursor);
    return { items: found.slice(place, place + 1), nextCursor: place + 1 < found.length ? String(place + 1) : null };
  });
}

const get = async (path: string, actor = salesperson, language = 'en'): Promise<Response> =>
  gateway.http
    .get(`/api/v1${path}`)
    .set('Authorization', await gateway.bearer(actor))
    .set('Accept-Language', language)
    .buffer(true)
    .parse((response, done) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => done(null, Buffer.concat(chunks)));
    });
/** What was asked to be noted, in order. */
const noted = ({ subject }: { subject: string }) =>
  gateway.bus.asked.filter((asked) => asked.subject === subject).map(({ input }) => input);
const textOf = ({ body }: Response) => (body as Buffer).toString('utf8');

it('exports every page of the list with its filter, as CSV that spreadsheets read [C21]', async () => {
  customersAre([customer('深圳市中興'), customer('华为', { code: 'H1', tags: ['重要', 'VIP'], paymentTermDays: 30 })]);
  const answer = await get('/customers/export?format=csv&q=%E4%B8%AD');

  expect(answer.status).toBe(200);
  expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8');
  expect(answer.headers['content-disposition']).toMatch(/^attachment; filename="customers-\d{4}-\d\d-\d\d\.csv"$/);
  const [headings, first, second, rest] = textOf(answer).split('\r\n');
  expect(headings).toMatch(/^\ufeffCode,Name,Keyword,Status,Owner,Created on,/);
  expect(first).toMatch(/^,深圳市中興,深圳市中興,意向客户,李明,2026-01-31,/);
  expect(second).toMatch(/^H1,华为,.*,30,,重要; VIP,$/);
  expect(rest).toBe('');
  const asked = gateway.bus.passedOn.filter(({ subject }) => subject === listCustomers.subject);
  for (const { input } of asked) expect(input).toMatchObject({ q: '中', limit: 200 });
});

it('goes on when the token runs out meanwhile: it is judged as of when the file was begun [C21]', async () => {
  customersAre(['甲', '乙', '丙'].map((name) => customer(name)));
  await get('/customers/export?relation=owned');
  const pages = gateway.bus.asked.filter(({ subject }) => subject === listCustomers.subject);
  const [begun] = pages.map(({ call }) => call.begun);
  expect(begun).toEqual(expect.any(Number));
  expect(pages.map(({ call }) => call.begun)).toEqual([begun, begun, begun]);
});

it("says the headings in the caller's language", async () => {
  customersAre([customer('华为')]);
  expect(textOf(await get('/customers/export', salesperson, 'zh-Hant'))).toMatch(
    /^\ufeff編號,名稱,關鍵字,客戶狀態,業務員/,
  );
});

it('has a column for each field of the organisation [C7]', async () => {
  const field = { id: id(), label: '等级', required: false, position: 0, version: 1 };
  gateway.bus.on(listCustomFields, () => ({
    items: [
      { ...field, key: 'grade', type: 'choice', options: ['A'] },
      { ...field, key: 'vip', label: '贵宾', type: 'boolean' },
    ],
    nextCursor: null,
  }));
  customersAre([customer('华为', { customFields: { grade: 'A', vip: true } })]);
  const [headings, row] = textOf(await get('/customers/export')).split('\r\n');
  expect(headings).toMatch(/,Note,等级,贵宾$/);
  expect(row).toMatch(/,A,true$/);
});

it("leaves a delegate's customers out, and counts them [C22]", async () => {
  customersAre([
    customer('自己的'),
    customer('别人的', { access: { via: 'delegate', delegationId: id() } }),
    customer('也是别人的', { access: { via: 'delegate', delegationId: id() } }),
  ]);
  const answer = await get('/customers/export');
  expect(answer.headers['x-rows-excluded']).toBe('2');
  expect(textOf(answer)).toContain('自己的');
  expect(textOf(answer)).not.toContain('别人的');
});

it.each(['=1+1', '+SUM(A1)', '-2+3', '@cmd', '\tx', '＝1'])('defuses a cell that begins as %j', async (name) => {
  customersAre([customer(name)]);
  expect(textOf(await get('/customers/export'))).toMatch(new RegExp(`,"?'${name.replace(/[+()]/g, '\\$&')}`));
});

it('prints the list as a page that holds nothing of HTML from its rows [C24]', async () => {
  customersAre([customer('<script>alert(1)</script>')]);
  const answer = await get('/customers/export?format=html');
  expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
  expect(answer.headers['content-disposition']).toBeUndefined();
  expect(textOf(answer)).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  expect(textOf(answer)).not.toContain('<script>');
});

it("a printed list has the columns that find room on paper, and none of the organisation's own [C24]", async () => {
  customersAre([customer('华为', { phone: '0755-1', website: 'https://huawei.example', note: '只在卡片上' })]);
  const printed = textOf(await get('/customers/export?format=html'));
  expect([...printed.matchAll(/<th(?: [^>]*)?>([^<]*)/g)].map(([, heading]) => heading)).toEqual([
    'Name',
    'Keyword',
    'Status',
    'Owner',
    'Created on',
    'Phone',
    'E-mail',
    'Address',
    'Region',
    'Tags',
  ]);
  expect(printed).not.toContain('只在卡片上');
});

it.each([
  ['csv', 'exported'],
  ['xlsx', 'exported'],
  ['html', 'printed'],
])('notes one %s as %s, with its filter, and then its rows [C23]', async (format, action) => {
  customersAre([customer('一'), customer('二')]);
  await get(`/customers/export?format=${format}&q=%E4%B8%AD`);
  expect(noted(recordTakeaway)).toEqual([{ action, what: 'customers', format, filter: { q: '中' } }]);
  expect(noted(endTakeaway)).toEqual([{ id: entryId, rowCount: 2, complete: true }]);
});

it('gives out nothing of a file that could not be noted [C23]', async () => {
  customersAre([customer('一')]);
  gateway.bus.on(recordTakeaway, () => {
    throw new Error('broken');
  });
  const answer = await get('/customers/export');
  expect(answer.status).toBe(500);
  expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
  expect(textOf(answer)).not.toContain('一');
});

it('gives out a file whole, even if its length could not be noted [C23]', async () => {
  customersAre([customer('一')]);
  gateway.bus.on(endTakeaway, () => {
    throw new Error('broken');
  });
  const answer = await get('/customers/export');
  expect(answer.status).toBe(200);
  expect(textOf(answer)).toContain('一');
});

it('refuses finance the customers, and gives it the money [C21]', async () => {
  expect((await get('/customers/export', finance)).status).toBe(403);

  const row: ArrearsRow = {
    purchaseId: id(),
    customerId: id(),
    customerName: '华为',
    ownerId: salesperson.userId,
    productName: 'ERP',
    payable: '1000.00',
    paid: '1.50',
    balance: '998.50',
    soldOn: '2026-01-01',
    dueOn: '2026-01-31',
    daysPastDue: 12,
    bucket: 'd1_30',
  };
  gateway.bus.on(resolveScope, ({ part }: { part: string }) => ({
    scope: part === 'own' ? { all: true, accessVersion: 0 } : { all: false, owners: [], customerIds: [] },
  }));
  gateway.bus.on(listArrears, ({ scope }: z.input<typeof listArrears.input>) => ({
    items: scope.all ? [row] : [],
    nextCursor: null,
  }));
  const answer = await get('/arrears/export?asOf=2026-02-12', finance);
  expect(answer.headers['x-rows-excluded']).toBe('0');
  expect(textOf(answer).split('\r\n')[1]).toBe('华为,李明,ERP,2026-01-01,2026-01-31,1000.00,1.50,998.50,12,1–30 days');
});

it.each(['csv', 'xlsx', 'html'])(
  'as %s ends between two pages when its caller is disabled, and is noted all the same [C23]',
  async (format) => {
    customersAre(Array.from({ length: 50 }, (_, number) => customer(`客户${number}`)));
    let checks = 0;
    gateway.bus.on(checkSession, () => ({ active: ++checks < 10 }));
    gateway.bus.on(listStatuses, () => {
      gateway.time.now += 2_000;
      return { items: [], nextCursor: null };
    });
    const asked = gateway.bus.asked;
    gateway.bus.on(listCustomers, ({ relation, cursor = '0' }: z.input<typeof CustomerQuery>) => {
      gateway.time.now += 2_000;
      return relation
        ? { items: [], nextCursor: null }
        : { items: [customer('客户')], nextCursor: String(+cursor + 1) };
    });
    // The answer breaks off: that is how a stream tells that it isn't whole.
    await expect(get(`/customers/export?format=${format}`)).rejects.toThrow(/aborted|hang up/);
    // What was given out until then is noted nevertheless, without his token.
    expect(noted(recordTakeaway)).toHaveLength(1);
    expect(noted(endTakeaway)).toEqual([{ id: entryId, rowCount: expect.any(Number) as number, complete: false }]);
    expect(asked.find(({ subject }) => subject === endTakeaway.subject)?.call).not.toHaveProperty('token');
    expect(asked.filter(({ subject }) => subject === listCustomers.subject).length).toBeLessThan(12);
  },
);

describe('the audit', () => {
  const entry: LogEntry = {
    id: id(),
    at: '2026-03-05T09:12:44.120Z',
    kind: 'operation',
    action: 'edited',
    resource: 'customer',
    customerId: id(),
    customerName: '华为',
    byUserId: salesperson.userId,
    byName: '=李明',
    forName: '安娜',
    changes: [
      { field: 'phone', from: null, to: '4001' },
      { field: 'tags', from: [], to: ['重点'] },
    ],
    details: { reason: '年假' },
  };
  beforeEach(() => gateway.bus.on(listAudit, () => ({ items: [entry], nextCursor: null })));

  it('is exported with its filter, nothing in it a formula, and is in itself as an export [C23, C35]', async () => {
    const answer = await get('/audit/export?resource=customer&from=2026-03-01', administrator);
    expect(answer.headers['content-disposition']).toMatch(/filename="audit-/);
    expect(textOf(answer)).toMatch(/^\ufeffTime,By,For,Action,/);
    expect(textOf(answer)).toContain(
      `2026-03-05T09:12:44.120Z,'=李明,安娜,edited,customer,,华为,"phone: null → 4001\ntags: [] → [""重点""]","{""reason"":""年假""}",`,
    );
    const filter = { resource: 'customer', from: '2026-03-01' };
    expect(noted(listAudit)).toEqual([{ ...filter, limit: 200, cursor: undefined }]);
    expect(noted(recordTakeaway)).toEqual([{ action: 'exported', what: 'audit', format: 'csv', filter }]);
    expect((await get('/audit/export?format=xlsx', administrator)).headers['content-type']).toContain('spreadsheetml');
  });

  it('is for the administrator alone [C35]', async () => {
    for (const who of [salesperson, finance]) expect((await get('/audit/export', who)).status).toBe(403);
  });
});

describe("a customer's card [C24]", () => {
  const one = customer('华为 & 伙伴', { phone: '0755-1', code: '=1', language: 'zh-Hant' });
  const bought = {
    id: id(),
    customerId: one.id,
    productId: id(),
    productName: 'ERP',
    unit: '套',
    quantity: '2.000',
    guidePrice: '600.00',
    unitPrice: '500.00',
    payable: '1000.00',
    paid: '0.00',
    balance: '1000.00',
    inArrears: true,
    soldOn: '2026-01-01',
    dueOn: '2026-01-31',
    soldById: salesperson.userId,
    remind: false,
    version: 1,
  };
  beforeEach(() => {
    gateway.bus.on(getCustomer, () => one);
    gateway.bus.on(listPurchases, () => ({ items: [bought], nextCursor: null }));
    gateway.bus.on(listContacts, () => ({ items: [{ name: '李娜 <采购>', mobile: '139' }], nextCursor: null }));
  });

  it('shows who it is, whom one speaks to there and what it bought, and is noted [C23]', async () => {
    gateway.bus.on(resolveAccess, () => grantOf(one.id, 'owner'));
    const page = textOf(await get(`/customers/${one.id}/print`));
    expect(page).toContain('<h1>华为 &amp; 伙伴</h1>');
    expect(page).toContain('<th>Phone</th><td>0755-1</td>');
    expect(page).toContain('<td>Traditional Chinese</td>');
    expect(page).toContain('<td>李娜 &lt;采购&gt;</td>');
    expect(page).toContain('<td>139</td>');
    expect(page).toContain('<td>ERP</td>');
    expect(page).toContain('<td class="money">1,000.00</td>');
    expect(noted(recordTakeaway)).toMatchObject([{ action: 'printed', customerIds: [one.id] }]);
    expect(noted(endTakeaway)).toMatchObject([{ rowCount: 1, complete: true }]);
  });

  it.each(['delegate', 'finance'] as const)('is not printed for a %s', async (via) => {
    gateway.bus.on(resolveAccess, () => grantOf(one.id, via));
    const answer = await get(`/customers/${one.id}/print`, via === 'finance' ? finance : salesperson);
    expect(answer.status).toBe(403);
  });
});

it('answers a fault of the first page as a problem, not as a file', async () => {
  gateway.bus.on(listCustomers, () => {
    throw new Error('broken');
  });
  const answer = await get('/customers/export');
  expect(answer.status).toBe(500);
  expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
});

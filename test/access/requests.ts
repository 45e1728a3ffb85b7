import { wallClock } from '#messaging/clock';
import { eventually } from '#testing/eventually';
import { CONTROLLERS } from '../../apps/gateway/src/controllers.js';
import { routeTable, type TableRow } from '../../apps/gateway/src/edge/route-table.js';
import type { Client, Made, Request } from './client.js';
import { BY_RELATION } from './expectations.js';
import type { Subject, World } from './world.js';

export const V1 = '/api/v1';
export const ROUTES = routeTable(CONTROLLERS);
export const nameOf = ({ method, path }: TableRow) => `${method} ${path.replace(V1, '')}`;
export const writes = ({ method }: TableRow) => method !== 'GET';
export const UNKNOWN = '0192f0c1-2b3c-7d4e-8f5a-6b7c8d9e0f1a';

/** Who delegates what another owns. */
const NAMES_OWNERS = ['managing', 'above', 'administrator'] as const;

let serial = 0;
const fresh = (what: string) => `${what}-${++serial}`;

/** A body with which a route does what it is for, for whoever may. */
const BODIES: Record<string, (world: World, subject: Subject, who: Client) => object> = {
  'POST /auth/login': (_world, _subject, { credentials: { username, password } }) => ({ username, password }),
  'POST /auth/refresh': (_world, _subject, { credentials: { refreshToken } }) => ({ refreshToken }),
  'PATCH /me': () => ({ language: 'zh-Hant' }),
  'POST /me/password': (_world, _subject, { credentials: { password } }) => ({
    currentPassword: password,
    newPassword: 'third-password-3',
  }),
  'POST /users': () => ({ username: fresh('user'), displayName: '新人', role: 'finance' }),
  'PATCH /users/:userId': () => ({ displayName: '改名' }),
  'POST /users/:userId/hand-over/preview': (world) => ({ toUserIds: [receiver(world)] }),
  'POST /users/:userId/hand-over': (world) => ({ toUserIds: [receiver(world)], reason: '离职' }),
  'POST /api-tokens': () => ({
    name: fresh('token'),
    permissions: ['customers.read'],
    expiresAt: new Date(wallClock() + 3_600_000).toISOString(),
  }),
  'PATCH /settings': () => ({ organisationName: '鸿福星' }),
  'POST /customer-statuses': () => ({ name: fresh('status') }),
  'PATCH /customer-statuses/:statusId': () => ({ name: fresh('status') }),
  'POST /custom-fields': () => ({ key: fresh('key').replace('-', '_'), label: '规模', type: 'number' }),
  'PATCH /custom-fields/:fieldId': () => ({ label: '人数' }),
  'POST /saved-views': () => ({ name: '我的', query: { tag: '重点' } }),
  'PATCH /saved-views/:viewId': () => ({ name: '改名' }),
  // The answer names whom the request names, so it names nobody.
  'POST /customers/bulk': () => ({
    customerIds: [UNKNOWN],
    action: { type: 'remove-tag', tag: '没有' },
  }),
  'POST /customers': () => ({ name: fresh('寻常'), keyword: fresh('寻常'), acknowledgeDuplicates: true }),
  'POST /customers/duplicate-check': () => ({ name: '无双', keyword: '无双' }),
  'PATCH /customers/:customerId': () => ({ phone: '1' }),
  'POST /customers/:customerId/contacts': () => ({ name: '金丝雀', phone: '75319246' }),
  'PATCH /customers/:customerId/contacts/:contactId': () => ({ title: '经理' }),
  'POST /customers/:customerId/follow-ups': () => ({ kind: 'call', content: '金丝雀', nextOn: '2999-12-31' }),
  'POST /transfers/preview': (world, { customerId }) => ({ customerIds: [customerId], toUserId: receiver(world) }),
  'POST /transfers': (world, { customerId }) => ({
    customerIds: [customerId],
    toUserId: receiver(world),
    reason: '离职',
  }),
  'POST /delegations': ({ people, ...world }, { customerId }, who) => ({
    customerIds: [customerId],
    delegateId: receiver({ people, ...world }),
    reason: '年假',
    ...(NAMES_OWNERS.some((person) => who === people[person]) && { ownerId: people.owner.userId }),
  }),
  'POST /teams': () => ({ name: fresh('team') }),
  'PATCH /teams/:teamId': () => ({ name: fresh('team') }),
  'POST /product-categories': () => ({ name: fresh('category') }),
  'PATCH /product-categories/:categoryId': () => ({ name: fresh('category') }),
  'POST /products': () => ({ code: fresh('P'), name: '产品', unit: '套', guidePrice: '1.00', kind: 'goods' }),
  'PATCH /products/:productId': () => ({ guidePrice: '2.00' }),
  'POST /customers/:customerId/purchases': ({ productId }) => ({ purchases: [{ productId, quantity: '1' }] }),
  'PATCH /customers/:customerId/purchases/:purchaseId': () => ({ remind: false }),
  'POST /customers/:customerId/purchases/:purchaseId/void': () => ({ reason: '误录' }),
  'POST /customers/:customerId/purchases/:purchaseId/payments': () => ({ amount: '1.00' }),
  'POST /customers/:customerId/purchases/:purchaseId/renewals': () => ({
    years: 1,
    paidOn: '2025-06-01',
    method: 'transfer',
  }),
  'POST /customers/:customerId/quotes': ({ productId }) => ({ lines: [{ productId, quantity: '1' }] }),
  'PATCH /customers/:customerId/quotes/:quoteId': () => ({ note: '改' }),
  'POST /customers/:customerId/quotes/:quoteId/convert': () => ({}),
  'POST /reminders/:reminderId/acknowledge': () => ({}),
  'POST /reminders/:reminderId/snooze': () => ({ until: '2099-01-01' }),
  'POST /reminders/:reminderId/promise': () => ({ date: '2099-01-01', amount: '1.00' }),
  'POST /reminders/:reminderId/dispute': () => ({ note: '已退货' }),
  'POST /reminders/:reminderId/close': () => ({ note: '不再催' }),
  'POST /dunning-notices': (_world, { customerId }) => ({ customerIds: [customerId] }),
  'POST /reminder-sweeps': () => ({}),
  'POST /digest-subscriptions': ({ people }, _subject, who) => ({
    kind: who === people.finance ? 'finance' : 'salesperson',
    frequency: 'daily',
    time: '23:59',
  }),
  'POST /digests/preview': ({ people }, _subject, who) => ({
    kind: who === people.finance ? 'finance' : 'salesperson',
  }),
};
/** Somebody who sees the owner's customers anyhow: what is given to him lets nobody see more. */
const receiver = ({ people }: Pick<World, 'people'>) => people.covering.userId;

/** The query without which a route does nothing. */
const QUERIES: Record<string, (world: World, subject: Subject) => string> = {
  'GET /customers/:customerId/last-prices': ({ productId }) => `?productId=${productId}`,
  'GET /dunning-notices/combined': ({ shown }, { customerId }) =>
    `?id=${customerId === UNKNOWN ? UNKNOWN : shown.noticeId}`,
};

const FILES: Record<string, string> = {
  'POST /imports/customers': 'code,name,keyword\nI1,进口甲,进口甲\n',
  'POST /imports/products': 'code,name,unit,guide_price,kind\nI1,进口乙,套,1.00,goods\n',
  'POST /imports/purchases':
    'ref,customer_code,product_code,quantity,unit_price,sold_on\nI1,NONE,SW,1,1.00,2025-01-01\n',
  'POST /imports/payments': 'ref,purchase_ref,amount,paid_on\nI1,NONE,1.00,2025-01-01\n',
};

/** One of the owner's. */
export const apiToken = ({ people }: World, permissions: string[]): Promise<Made & { token: string }> => {
  const expiresAt = new Date(wallClock() + 3_600_000).toISOString();
  return people.owner.post('/api-tokens', { name: fresh('token'), permissions, expiresAt });
};

/** Somebody new, who has a customer to leave behind. */
async function leaver({ people: { administrator } }: World): Promise<string> {
  const user = { username: fresh('user'), displayName: '新人', role: 'salesperson' };
  const { id: ownerId } = await administrator.post('/users', user);
  const name = fresh('留下');
  await administrator.post('/customers', { name, keyword: name, ownerId, acknowledgeDuplicates: true });
  return ownerId;
}

export async function handOver(world: World): Promise<string> {
  const given = { toUserIds: [receiver(world)], reason: '离职' };
  return (await world.people.administrator.post(`/users/${await leaver(world)}/hand-over`, given)).id;
}

/** Makes what a parameter names, so that what becomes of it disturbs nobody. */
const MAKERS: Record<string, (world: World) => Promise<string>> = {
  userId: async (world) => leaver(world),
  handOverId: async (world) => handOver(world),
  teamId: async ({ people }) => (await people.administrator.post('/teams', { name: fresh('team') })).id,
  tokenId: async (world) => (await apiToken(world, ['customers.read'])).id,
  statusId: async ({ people }) => (await people.administrator.post('/customer-statuses', { name: fresh('status') })).id,
  fieldId: async ({ people }) => {
    const field = { key: fresh('key').replace('-', '_'), label: '规模', type: 'number' };
    return (await people.administrator.post('/custom-fields', field)).id;
  },
  viewId: async ({ people }) => (await people.owner.post('/saved-views', { name: '我的', query: { tag: '重点' } })).id,
  categoryId: async ({ people }) =>
    (await people.administrator.post('/product-categories', { name: fresh('category') })).id,
  productId: async ({ people }) => {
    const product = { code: fresh('P'), name: '产品', unit: '套', guidePrice: '1.00', kind: 'goods' };
    return (await people.administrator.post('/products', product)).id;
  },
  transferId: async (world) => {
    const customerIds = [await world.customer('owner', fresh('一次'))];
    return (await world.people.owner.post('/transfers', { customerIds, toUserId: receiver(world), reason: '离职' })).id;
  },
  delegationId: async (world) => {
    const delegation = { customerIds: [world.shown.customerId], delegateId: receiver(world), reason: '年假' };
    return (await world.people.owner.post('/delegations', delegation)).id;
  },
  subscriptionId: async ({ people }) => {
    const daily = { kind: 'salesperson', frequency: 'daily', time: '23:59' };
    return (await people.owner.post('/digest-subscriptions', daily)).id;
  },
  digestId: async (world) => {
    const content = await world.people.owner.post<object>('/digests/preview', { kind: 'salesperson' });
    serial += 1;
    return world.digest(world.people.owner, content, `2024-${1 + (serial % 12)}-${1 + (Math.floor(serial / 12) % 28)}`);
  },
  noticeId: async ({ shown }) => shown.noticeId ?? UNKNOWN,
  importId: async ({ people }) => {
    // Of faulty rows, so that there are faults to be read.
    const file = { name: 'a.csv', text: `code,name,keyword,status\n${fresh('C')},金丝雀,金丝雀,没有\n` };
    const { text } = await people.owner.send({ method: 'POST', path: `${V1}/imports/customers`, file });
    const { id } = JSON.parse(text) as Made;
    await eventually(async () => {
      expect(await people.owner.get(`/imports/${id}`)).toMatchObject({ state: 'completed', failed: 1 });
    });
    return id;
  },
};

/** What a route is tried on: reads all on the same, writes each on one of its own. */
export async function subjectFor(world: World, route: TableRow): Promise<Subject> {
  const aboutCustomer = nameOf(route) in BY_RELATION;
  const subject = aboutCustomer && writes(route) ? world.take() : { ...world.shown };
  for (const param of route.params) {
    if (aboutCustomer && param in subject) continue;
    const make = MAKERS[param];
    if (!make) throw new Error(`${nameOf(route)} needs a maker for :${param}`);
    subject[param] = await make(world);
  }
  if (route.path.endsWith('/restore')) {
    await world.people.administrator.must('DELETE', `/customers/${subject.customerId}`);
  }
  return subject;
}

/** A request that is in order in all but, maybe, who makes it. */
export function requestTo(world: World, route: TableRow, subject: Subject, who: Client): Request {
  const name = nameOf(route);
  const path = route.path.replace(/:(\w+)/g, (_, param: string) => subject[param] ?? UNKNOWN);
  const [body, file] = [BODIES[name], FILES[name]];
  if ((route.body && !body) || (route.file && file === undefined)) throw new Error(`${name} needs a body to send`);
  return {
    method: route.method,
    path: path + (QUERIES[name]?.(world, subject) ?? ''),
    ...(file !== undefined && { file: { name: 'file.csv', text: file } }),
    ...(body && { body: body(world, subject, who) }),
  };
}

/** Who sends it: a user of his own where the request ends a session or changes a password. */
export async function senderOf(world: World, route: TableRow, who: Client, role: string): Promise<Client> {
  const own = ['POST /auth/login', 'POST /auth/refresh', 'POST /auth/logout', 'POST /auth/logout-all'];
  if (![...own, 'POST /me/password'].includes(nameOf(route))) return who;
  const user = await world.spare(role === 'anonymous' ? 'salesperson' : role);
  return role === 'anonymous' ? user.signedOut() : user;
}

/** The same things, of which some are named by the body: with an id that nothing has. */
export const unknownTo = (route: TableRow, subject: Subject): Subject => {
  const last = route.params.findLast((param) => param === 'customerId') ?? route.params.at(-1) ?? 'customerId';
  return { ...subject, [last]: UNKNOWN };
};

/** What the administrator sees of all that a refused request might have changed. */
export async function witness(world: World, route: TableRow, { customerId, purchaseId }: Subject): Promise<unknown[]> {
  const ofCustomer = ['', '/purchases?includeVoided=true', `/purchases/${purchaseId}/payments`];
  const paths = ofCustomer.map((part) => `/customers/${customerId}${part}`);
  const collection = route.path.replace(V1, '').replace(/\/:.*$/, '');
  const list = ROUTES.find((one) => nameOf(one) === `GET ${collection}`);
  if (route.path.startsWith(V1) && list?.output && !(nameOf(list) in QUERIES)) paths.push(collection);
  return Promise.all(paths.map((path) => world.people.administrator.get(path)));
}

/**
 * What is measured: the requests as a client sends them, the same to both servers. Each varies in a few values, by
 * which the bare server knows what to put into the statements that it has learnt (`recording.ts`).
 */
import type { DatabaseService } from '#embedded/provision-sql';

/** What requests are made of. */
export interface World {
  salespeople: Actor[];
  finance: Actor;
  productId: string;
  statusId: string;
  today: string;
  dueOn: string;
}

export interface Actor {
  userId: string;
  token: string;
  /** Some of his customers; finance has none. */
  customers: string[];
}

export interface Request {
  method: 'GET' | 'POST';
  path: string;
  token: string;
  idempotencyKey?: string;
  body?: object;
  /** What differs from one request to the next, as it stands in the parameters of the statements. */
  varies: Record<string, string>;
}

export interface Operation {
  title: string;
  /** Whose statements belong to a request. The check of the session is asked once a second, not with each request. */
  databases: DatabaseService[];
  /** Tells the other services: their work goes on when the request is answered. */
  events: boolean;
  status: 200 | 201;
  request(world: World, pick: Pick): Request;
}

/** A number from 0 to n − 1. */
export type Pick = (n: number) => number;

const V1 = '/api/v1';
export const LETTERS_IN_KEYWORD = 4;

export const OPERATIONS = {
  get: {
    title: 'get a customer',
    databases: ['customers'],
    events: false,
    status: 200,
    request(world, pick) {
      const { by, customerId } = oneOf(world, pick);
      return { method: 'GET', path: `${V1}/customers/${customerId}`, ...by, varies: { ...by.varies, customerId } };
    },
  },
  list: {
    title: 'list of 50',
    databases: ['customers'],
    events: false,
    status: 200,
    request(world, pick) {
      return { method: 'GET', path: `${V1}/customers?limit=50`, ...salesperson(world, pick) };
    },
  },
  create: {
    title: 'create a customer, with duplicate check',
    databases: ['customers'],
    events: true,
    status: 201,
    request(world, pick) {
      const by = salesperson(world, pick);
      const idempotencyKey = crypto.randomUUID();
      const { named, letters } = newName(pick);
      const body = { ...named, ...DETAILS, statusId: world.statusId, acknowledgeDuplicates: true };
      const varies = { ...by.varies, ...letters, idempotencyKey };
      return { method: 'POST', path: `${V1}/customers`, ...by, idempotencyKey, body, varies };
    },
  },
  purchase: {
    title: 'record a purchase, part of it paid',
    databases: ['customers', 'sales'],
    events: true,
    status: 201,
    request(world, pick) {
      const { by, customerId } = oneOf(world, pick);
      const idempotencyKey = crypto.randomUUID();
      const { productId, today: soldOn, dueOn } = world;
      const purchase = { productId, quantity: '3', unitPrice: '120.50', soldOn, dueOn, paid: '100.00' };
      const varies = { ...by.varies, customerId, idempotencyKey };
      const path = `${V1}/customers/${customerId}/purchases`;
      return { method: 'POST', path, ...by, idempotencyKey, body: { purchases: [purchase] }, varies };
    },
  },
  arrears: {
    title: 'arrears page with total, a salesperson’s',
    databases: ['customers', 'billing'],
    events: false,
    status: 200,
    request(world, pick) {
      return { method: 'GET', path: `${V1}/arrears?limit=50`, ...salesperson(world, pick) };
    },
  },
  'arrears-all': {
    title: 'arrears page with total, everybody’s (finance)',
    databases: ['customers', 'billing'],
    events: false,
    status: 200,
    request({ finance }) {
      return { method: 'GET', path: `${V1}/arrears?limit=50`, ...actor(finance) };
    },
  },
  duplicates: {
    title: 'duplicate check alone',
    databases: ['customers'],
    events: false,
    status: 200,
    request(world, pick) {
      const by = salesperson(world, pick);
      const { named, letters } = newName(pick);
      const varies = { ...by.varies, ...letters };
      return { method: 'POST', path: `${V1}/customers/duplicate-check`, ...by, body: named, varies };
    },
  },
} as const satisfies Record<string, Operation>;

export type OperationName = keyof typeof OPERATIONS;
export const operation = (name: OperationName): Operation => OPERATIONS[name];

const DETAILS = {
  phone: '0755-26770000',
  email: 'office@example.com',
  address: '深圳市南山区高新技术产业园',
  region: '广东',
  industry: '通信',
  source: '展会',
  tags: ['重点'],
};

/** Folding leaves each as it is, and none stands in what surrounds a keyword. */
const LETTERS = Array.from(
  '安邦宝北昌成达德东尔法飞丰福富光广国海汉浩和恒弘红华汇惠佳嘉建江杰金锦京景久凯康科坤莱兰乐利联龙隆美明宁鹏普奇启千前庆仁荣瑞润三森山尚申盛世顺思泰腾天同万威维文西祥欣新信兴旭亚扬耀一依亿益银永友宇元远悦云泽展振正志中忠众卓',
).filter((letter) => !`${JSON.stringify(DETAILS)}${nameOf('')}`.includes(letter));

/** Such as 深圳市恒泰兴源网络设备有限公司, and the four letters that tell it from others. */
function newName(pick: Pick) {
  const letters = [...LETTERS];
  const chosen = Array.from({ length: LETTERS_IN_KEYWORD }, () => letters.splice(pick(letters.length), 1)[0] ?? '');
  const keyword = chosen.join('');
  return {
    named: { name: nameOf(keyword), keyword },
    letters: lettersOf(keyword),
  };
}

function nameOf(keyword: string): string {
  return `深圳市${keyword}网络设备有限公司`;
}

/** Letter by letter, because parts of a name are parameters too. */
export const lettersOf = (keyword: string): Record<string, string> =>
  Object.fromEntries(Array.from(keyword).map((letter, place) => [`letter${place}`, letter]));

const actor = ({ userId, token }: Actor) => ({ token, varies: { userId } });
const salesperson = ({ salespeople }: World, pick: Pick) => actor(salespeople[pick(salespeople.length)]!);

function oneOf({ salespeople }: World, pick: Pick) {
  const owner = salespeople[pick(salespeople.length)]!;
  return { by: actor(owner), customerId: owner.customers[pick(owner.customers.length)]! };
}

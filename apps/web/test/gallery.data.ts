import { wallClock } from '#messaging/clock';
import type { Api } from '#testing/api';
import { eventually } from '#testing/eventually';
import type { TestSystem } from '#testing/system';

const DAY = 86_400_000;
/** The business day so many days from today. */
export const day = (from: number) => new Date(wallClock() + 8 * 3_600_000 + from * DAY).toISOString().slice(0, 10);

/** Name, keyword, region, industry; what they have in common is dealt out to them in turn. */
const COMPANIES = `深圳市中兴通讯股份有限公司 中兴 深圳 通信
深圳市腾讯计算机系统有限公司 腾讯 深圳 互联网
华为技术有限公司 华为 深圳 通信
比亚迪股份有限公司 比亚迪 深圳 汽车
深圳市大疆创新科技有限公司 大疆 深圳 航空
长沙三一重工股份有限公司 三一 长沙 机械
广州白云山医药集团股份有限公司 白云山 广州 医药
广州立白企业集团有限公司 立白 广州 日化
佛山市海天调味食品股份有限公司 海天 佛山 食品
美的集团股份有限公司 美的 佛山 家电
珠海格力电器股份有限公司 格力 珠海 家电
东莞市徐福记食品有限公司 徐福记 东莞 食品
上海永辉超市有限公司 永辉 上海 零售
上海光明乳业股份有限公司 光明乳业 上海 食品
上海老凤祥有限公司 老凤祥 上海 珠宝
上海恒源祥服饰有限公司 恒源祥 上海 服装
杭州娃哈哈集团有限公司 娃哈哈 杭州 饮料
杭州海康威视数字技术股份有限公司 海康威视 杭州 安防
宁波方太厨具有限公司 方太 宁波 家电
苏州亨通光电股份有限公司 亨通 苏州 通信
南京苏宁易购集团股份有限公司 苏宁 南京 零售
无锡红豆实业股份有限公司 红豆 无锡 服装
青岛海尔智家股份有限公司 海尔 青岛 家电
青岛啤酒股份有限公司 青岛啤酒 青岛 饮料
济南浪潮电子信息产业股份有限公司 浪潮 济南 计算机
北京同仁堂科技发展股份有限公司 同仁堂 北京 医药
北京稻香村食品有限责任公司 稻香村 北京 食品
北京全聚德餐饮管理有限公司 全聚德 北京 餐饮
天津狗不理集团股份有限公司 狗不理 天津 餐饮
武汉良品铺子食品有限公司 良品铺子 武汉 食品
成都天府商贸有限公司 天府 成都 零售
重庆长安汽车股份有限公司 长安 重庆 汽车
广州百果园商贸有限公司 百果园 广州 零售
西安陕鼓动力股份有限公司 陕鼓 西安 机械
福州福耀玻璃工业集团股份有限公司 福耀 福州 建材
厦门安踏体育用品有限公司 安踏 厦门 服装`
  .split('\n')
  .map((line) => line.split(' '));

const PRODUCTS = `JXC-1,进销存管理系统 标准版,软件,套,12800.00,goods,1200.00,12
JXC-2,进销存管理系统 企业版,软件,套,36800.00,goods,3600.00,12
CRM-1,客户关系管理系统,软件,套,19800.00,goods,1980.00,12
PRT-1,条码打印机 203dpi,条码设备,台,2350.00,goods,,
SCN-1,激光扫描枪,条码设备,把,680.00,goods,,
SCN-2,二维码扫描平台,条码设备,台,1580.00,goods,,
POS-1,触摸屏收银机,收银设备,台,4980.00,goods,480.00,12
BOX-1,钱箱,收银设备,个,260.00,goods,,
SVC-1,现场安装与培训,服务,次,3000.00,service,,
SVC-2,数据迁移,服务,次,5000.00,service,,`;

const code = (index: number) => `KH${String(index + 1).padStart(3, '0')}`;

/** What a small company has in its system after half a year, read like a reader would from what was entered. */
export interface Filled {
  /** The customer that has something in each zone. */
  customerId: string;
  /** An import in which some rows were wrong. */
  importId: string;
}

export async function fill(test: TestSystem): Promise<Filled> {
  const [admin, mine] = await Promise.all([test.as('admin'), test.as('sales01')]);
  await Promise.all([
    admin.patch('/settings', { organisationName: '鸿富兴软件有限公司', letterhead: LETTERHEAD }).expect(200),
    admin.post('/customer-statuses', { name: '停止合作', color: '#8c8c8c' }).expect(201),
    admin
      .post('/custom-fields', { key: 'level', label: '客户等级', type: 'choice', options: ['甲', '乙'] })
      .expect(201),
    admin.post('/digest-subscriptions', { kind: 'finance', frequency: 'daily', time: '08:30' }).expect(201),
    mine.post('/saved-views', { name: '广东的客户', shared: true, query: { q: '广' } }).expect(201),
    paint(admin),
    bring(admin, 'products', `code,name,category,unit,guide_price,kind,annual_fee,service_months\n${PRODUCTS}`),
    bring(admin, 'customers', customers()),
  ]);
  const [bad] = await Promise.all([
    bring(
      admin,
      'customers',
      `code,name,keyword,status\nKH900,杭州网易云有限公司,网易,没有的状态\nKH901,,无名,`,
      '?dryRun=true',
    ),
    bring(admin, 'purchases', purchases()),
  ]);
  await bring(admin, 'payments', payments());
  const [{ id: customerId } = { id: '' }] = await mine.all<{ id: string }>('/customers?q=百果园');
  await Promise.all([dealt(mine, customerId), delegated(test, customerId)]);
  await eventually(async () => {
    await admin.post('/reminder-sweeps', {}).expect(200);
    for (const list of ['/arrears', '/reminders']) expect((await admin.all(list)).length).toBeGreaterThan(10);
  });
  return { customerId, importId: bad };
}

const LETTERHEAD = {
  address: '深圳市南山区科技园科发路 8 号',
  phone: '0755-2600 1234',
  email: 'service@hongfuxing.example',
  bank: '招商银行深圳科技园支行',
  account: '7559 0012 3410 901',
};

/** The statuses that a new system has, in colours. */
async function paint(admin: Api): Promise<void> {
  const colors: Record<string, string> = { 意向客户: '#d48806', 正式客户: '#389e0d' };
  const { body } = (await admin.get('/customer-statuses').expect(200)) as {
    body: { items: { id: string; name: string }[] };
  };
  for (const { id, name } of body.items) {
    if (colors[name]) await admin.patch(`/customer-statuses/${id}`, { color: colors[name] }).expect(200);
  }
}

function customers(): string {
  const rows = COMPANIES.map(([name, keyword, region, industry], index) => [
    code(index),
    name,
    keyword,
    index % 3 === 0 ? '意向客户' : '正式客户',
    ['sales01', 'sales01', 'sales02', 'sales03'][index % 4],
    day(-170 + index * 4),
    `0755-2${String(6_001_200 + index * 137)}`,
    region,
    industry,
    ['老客户介绍', '展会', '网络'][index % 3],
  ]);
  return csv('code,name,keyword,status,owner,created_on,phone,region,industry,source', rows);
}

/** Of every other customer, from not yet due to long overdue; some with a service that ends soon. */
function purchases(): string {
  const sold = COMPANIES.flatMap((_company, index) => (index % 3 === 2 ? [] : [index]));
  const rows = sold.map((index, at) => {
    const served = at % 2 === 0;
    return [
      `XS${index}`,
      code(index),
      ['JXC-1', 'POS-1', 'CRM-1', 'PRT-1'][at % 4],
      (at % 5) + 1,
      ['12800.00', '4980.00', '19800.00', '2350.00'][at % 4],
      day(-150 + at * 5),
      day(-120 + at * 6),
      served ? '1200.00' : '',
      served ? day(at * 4 - 12) : '',
      served,
    ];
  });
  const columns = 'ref,customer_code,product_code,quantity,unit_price,sold_on,due_on,annual_fee,service_ends_on,remind';
  return csv(columns, rows);
}

const payments = () =>
  csv(
    'ref,purchase_ref,amount,paid_on,method',
    [0, 1, 3, 4, 6, 7, 9, 10].map((index) => [`FK${index}`, `XS${index}`, '2350.00', day(-20), 'transfer']),
  );

/** The customer of whom everything is known. */
async function dealt(mine: Api, customerId: string): Promise<void> {
  const at = `/customers/${customerId}`;
  const products = await mine.all<{ id: string; code: string }>('/products');
  const productId = (sought: string) => products.find((one) => one.code === sought)?.id;
  const days = (from: number) => new Date(wallClock() + from * DAY).toISOString();
  await mine
    .patch(at, { tags: ['重点', '连锁'], address: '广州市天河区珠江新城华夏路 10 号', language: 'zh-Hans' })
    .expect(200);
  await mine
    .post(`${at}/contacts`, {
      name: '王小明',
      title: '采购经理',
      mobile: '138 0000 1234',
      email: 'wang@pagoda.example',
    })
    .expect(201);
  await Promise.all([
    mine
      .post(`${at}/contacts`, { name: '李静', title: '财务', phone: '020-3810 2211', wechat: 'lijing_pagoda' })
      .expect(201),
    mine
      .post(`${at}/quotes`, {
        state: 'sent',
        validUntil: day(20),
        lines: [
          { productId: productId('JXC-2'), quantity: '1', unitPrice: '34000.00' },
          { productId: productId('SCN-1'), quantity: '12', unitPrice: '650.00' },
        ],
      })
      .expect(201),
    mine
      .post(`${at}/purchases`, {
        purchases: [
          { productId: productId('SCN-1'), quantity: '8', unitPrice: '660.00', paid: '5280.00', soldOn: day(-40) },
          {
            productId: productId('POS-1'),
            quantity: '2',
            paid: '9960.00',
            soldOn: day(-350),
            annualFee: '480.00',
            serviceEndsOn: day(15),
            remind: true,
          },
          { productId: productId('SVC-1'), quantity: '1', soldOn: day(-75), dueOn: day(-45), paid: '1000.00' },
        ],
      })
      .expect(201),
    mine
      .post(`${at}/follow-ups`, {
        kind: 'visit',
        content: '到店演示企业版，对扫描枪很满意，月底前给答复。',
        occurredAt: days(-9),
        nextOn: day(-2),
      })
      .expect(201),
  ]);
}

async function delegated(test: TestSystem, customerId: string): Promise<void> {
  const [mine, cover, theirs] = await Promise.all([test.as('sales01'), test.as('sales02'), test.as('sales03')]);
  await Promise.all([
    mine.post('/delegations', { delegateId: cover.userId, customerIds: [customerId], reason: '年假' }).expect(201),
    theirs
      .post('/delegations', { delegateId: mine.userId, scope: 'all', reason: '出差', endsAt: `${day(14)}T10:00:00Z` })
      .expect(201),
  ]);
}

const csv = (columns: string, rows: unknown[][]) => [columns, ...rows.map((row) => row.join(','))].join('\n');

/** Imports a file to the end; gives the import's id. */
export async function bring(admin: Api, kind: string, file: string, query = ''): Promise<string> {
  const { id } = (await admin.importFile(kind, file, query).set('Accept-Language', 'zh-Hans').expect(202)).body as {
    id: string;
  };
  await eventually(async () => {
    const done = query ? { state: 'completed' } : { state: 'completed', failed: 0 };
    expect((await admin.get(`/imports/${id}`).expect(200)).body).toMatchObject(done);
  }, 30_000);
  return id;
}

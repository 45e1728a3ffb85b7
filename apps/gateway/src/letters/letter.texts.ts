import type { Language } from '#contracts/common';

/** What a dunning notice says, beside what it is about. */
export interface LetterTexts {
  title: string;
  number: string;
  date: string;
  payBy: string;
  to: (name: string) => string;
  intro: (payBy: string) => string;
  serviceFees: string;
  arrears: string;
  item: string;
  serviceEndsOn: string;
  dueOn: string;
  fee: string;
  owed: string;
  subtotal: string;
  total: string;
  payTo: string;
  bank: string;
  account: string;
  taxId: string;
  phone: string;
  email: string;
  outro: string;
  closing: string;
  page: (page: number, pages: number) => string;
  day: (date: string) => string;
}

const chineseDay = (date: string) => {
  const [year, month, day] = date.split('-').map(Number);
  return `${year} 年 ${month} 月 ${day} 日`;
};
const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September'];
MONTHS.push('October', 'November', 'December');
const englishDay = (date: string) => {
  const [year, month = 1, day] = date.split('-').map(Number);
  return `${day} ${MONTHS[month - 1]} ${year}`;
};

export const LETTER_TEXTS: Record<Language, LetterTexts> = {
  'zh-Hans': {
    title: '催缴单',
    number: '编号',
    date: '日期',
    payBy: '付款期限',
    to: (name) => `${name}：`,
    intro: (payBy) => `感谢贵公司一直以来的支持。下列款项已到期或即将到期，敬请于 ${payBy} 前付清。`,
    serviceFees: '年服务费',
    arrears: '欠款',
    item: '项目',
    serviceEndsOn: '服务截止日期',
    dueOn: '应付日期',
    fee: '年服务费',
    owed: '欠款金额',
    subtotal: '小计',
    total: '合计',
    payTo: '收款账户',
    bank: '开户银行',
    account: '账号',
    taxId: '税号',
    phone: '电话',
    email: '电子邮箱',
    outro: '如已付款，请忽略本通知；如有疑问，欢迎与我们联系。',
    closing: '此致',
    page: (page, pages) => `第 ${page} 页，共 ${pages} 页`,
    day: chineseDay,
  },
  'zh-Hant': {
    title: '催繳單',
    number: '編號',
    date: '日期',
    payBy: '付款期限',
    to: (name) => `${name}：`,
    intro: (payBy) => `感謝貴公司一直以來的支持。下列款項已到期或即將到期，敬請於 ${payBy} 前付清。`,
    serviceFees: '年服務費',
    arrears: '欠款',
    item: '項目',
    serviceEndsOn: '服務截止日期',
    dueOn: '應付日期',
    fee: '年服務費',
    owed: '欠款金額',
    subtotal: '小計',
    total: '合計',
    payTo: '收款帳戶',
    bank: '開戶銀行',
    account: '帳號',
    taxId: '統一編號',
    phone: '電話',
    email: '電子郵件',
    outro: '如已付款，請忽略本通知；如有疑問，歡迎與我們聯繫。',
    closing: '此致',
    page: (page, pages) => `第 ${page} 頁，共 ${pages} 頁`,
    day: chineseDay,
  },
  en: {
    title: 'Notice of Payment Due',
    number: 'No.',
    date: 'Date',
    payBy: 'Please pay by',
    to: (name) => `To ${name}`,
    intro: (payBy) =>
      `Thank you for your continued business. The following amounts are due or will be due shortly. ` +
      `We kindly ask you to settle them by ${payBy}.`,
    serviceFees: 'Annual service fees',
    arrears: 'Outstanding balances',
    item: 'Item',
    serviceEndsOn: 'Service ends on',
    dueOn: 'Due on',
    fee: 'Annual fee',
    owed: 'Balance',
    subtotal: 'Subtotal',
    total: 'Total',
    payTo: 'Payment details',
    bank: 'Bank',
    account: 'Account',
    taxId: 'Tax ID',
    phone: 'Phone',
    email: 'E-mail',
    outro: 'If you have already paid, please disregard this notice. Do contact us with any question.',
    closing: 'Yours sincerely,',
    page: (page, pages) => `Page ${page} of ${pages}`,
    day: englishDay,
  },
};

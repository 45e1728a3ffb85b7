import type { Bucket, DigestKind } from '#contracts/billing';
import type { Language } from '#contracts/common';

export interface Texts {
  subject: Record<DigestKind, string>;
  greeting: string;
  total: string;
  ageing: string;
  buckets: Record<Bucket, string>;
  byOwner: string;
  changes: string;
  new: string;
  cured: string;
  worse: string;
  topDebtors: string;
  serviceFees: string;
  within: string;
  purchases: string;
  customers: string;
  followUps: string;
  customersDue: string;
  overdue: string;
  followUpsMissing: string;
  attached: string;
}

/** `{…}` stands for what is filled in. */
export const TEXTS: Record<Language, Texts> = {
  'zh-Hans': {
    subject: {
      finance: '欠费汇总 {date}：{total} {currency}',
      manager: '团队欠费 {date}：{total} {currency}',
      salesperson: '我的客户欠费 {date}：{total} {currency}',
    },
    greeting: '{name}，您好。以下为截至 {date} 的情况。',
    total: '欠费合计',
    ageing: '账龄',
    buckets: {
      notDue: '未到期',
      d1_30: '逾期 1–30 天',
      d31_60: '逾期 31–60 天',
      d61_90: '逾期 61–90 天',
      over90: '逾期 90 天以上',
    },
    byOwner: '按业务员',
    changes: '自上次以来',
    new: '新增',
    cured: '已结清',
    worse: '增加',
    topDebtors: '欠费最多的客户',
    serviceFees: '即将到期的年服务费',
    within: '{days} 天内',
    purchases: '{count} 笔',
    customers: '{count} 个客户',
    followUps: '待跟进',
    customersDue: '应联系的客户',
    overdue: '已过 {days} 天',
    followUpsMissing: '此刻无法取得，请在系统中查看。',
    attached: '明细见附件。',
  },
  'zh-Hant': {
    subject: {
      finance: '欠費彙總 {date}：{total} {currency}',
      manager: '團隊欠費 {date}：{total} {currency}',
      salesperson: '我的客戶欠費 {date}：{total} {currency}',
    },
    greeting: '{name}，您好。以下為截至 {date} 的情況。',
    total: '欠費合計',
    ageing: '帳齡',
    buckets: {
      notDue: '未到期',
      d1_30: '逾期 1–30 天',
      d31_60: '逾期 31–60 天',
      d61_90: '逾期 61–90 天',
      over90: '逾期 90 天以上',
    },
    byOwner: '按業務員',
    changes: '自上次以來',
    new: '新增',
    cured: '已結清',
    worse: '增加',
    topDebtors: '欠費最多的客戶',
    serviceFees: '即將到期的年服務費',
    within: '{days} 天內',
    purchases: '{count} 筆',
    customers: '{count} 個客戶',
    followUps: '待跟進',
    customersDue: '應聯繫的客戶',
    overdue: '已過 {days} 天',
    followUpsMissing: '此刻無法取得，請在系統中查看。',
    attached: '明細見附件。',
  },
  en: {
    subject: {
      finance: 'Arrears on {date}: {total} {currency}',
      manager: "My teams' arrears on {date}: {total} {currency}",
      salesperson: "My customers' arrears on {date}: {total} {currency}",
    },
    greeting: 'Dear {name}, this is how things stand on {date}.',
    total: 'Total in arrears',
    ageing: 'Ageing',
    buckets: {
      notDue: 'Not due',
      d1_30: '1–30 days past due',
      d31_60: '31–60 days past due',
      d61_90: '61–90 days past due',
      over90: 'More than 90 days past due',
    },
    byOwner: 'By salesperson',
    changes: 'Since the last digest',
    new: 'New',
    cured: 'Cured',
    worse: 'Worse',
    topDebtors: 'Top debtors',
    serviceFees: 'Annual service fees due',
    within: 'Within {days} days',
    purchases: 'purchases: {count}',
    customers: 'customers: {count}',
    followUps: 'Follow-ups due',
    customersDue: 'Customers to speak to',
    overdue: 'days overdue: {days}',
    followUpsMissing: 'They could not be had at this time; see them in the application.',
    attached: 'The details are attached.',
  },
};

export function fill(text: string, values: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (_placeholder, name: string) => String(values[name]));
}

import type { Language } from '#contracts/common';
import type { FieldFault } from '#contracts/errors';
import { MESSAGES } from './messages.js';

type Fault = Pick<FieldFault, 'code' | 'message' | 'params'>;

/** Where the words name one of the fault's `params`. */
const PLACE = /\{(\w+)\}/g;

/** What is wrong with a field, or with a row of a file, by its code. */
const zhHans = {
  // of any field
  required: '必填',
  'unknown-field': '没有这个字段',
  'invalid-type': '类型不正确',
  'invalid-value': '不在可选范围内',
  'invalid-format': '格式不正确',
  'invalid-union': '格式不正确',
  'invalid-key': '名称不正确',
  'invalid-element': '其中一项不正确',
  'not-multiple-of': '小数位过多',
  'too-small': '太短或太小，至少 {limit}',
  'too-big': '太长或太大，最多 {limit}',
  'too-long': '太长',
  'out-of-range': '超出允许的范围',
  'after-end': '不能晚于结束',
  'either-or': '两者只能填一项',
  'invalid-cursor': '翻页位置无效，请从头列出',
  'not-a-choice': '只有选项字段才有选项',
  'not-grantable': '不能授予自己没有的权限',
  custom: '内容不正确',
  empty: '没有列名',
  repeated: '重复',
  taken: '已被使用',
  'same-password': '新密码与原密码相同',
  'unknown-team': '没有这个团队',
  'unknown-user': '没有这个用户',
  'unknown-status': '没有这个客户状态',
  'unknown-kind': '不能在这里导入',
  // of a file
  'possible-duplicate': '与{owner}的客户“{name}”（关键字“{keyword}”）相似',
  'unknown-column': '没有这样的列',
  'repeated-column': '列名重复',
  'missing-column': '缺少这一列',
  'repeated-row': '同一行收到了两次',
  'too-few-columns': '单元格比列少',
  'too-many-columns': '单元格比列多',
  'no-default-status': '没有新客户的默认状态',
  'not-owner': '只有管理员能替别人导入',
  'owner-kept': '客户属于别人，只能通过转移变更',
  'unknown-customer': '您没有这个编号的客户',
  'unknown-product': '没有这个编号的商品',
  'unknown-purchase': '没有这个编号的购买记录',
  'ledger-is-final': '已按其他内容入账，账目不可更改',
  'broken-off': '文件未完整送达',
  'user-disabled': '发起导入的用户已停用',
} as const;

const zhHant: Record<keyof typeof zhHans, string> = {
  // of any field
  required: '必填',
  'unknown-field': '沒有這個欄位',
  'invalid-type': '類型不正確',
  'invalid-value': '不在可選範圍內',
  'invalid-format': '格式不正確',
  'invalid-union': '格式不正確',
  'invalid-key': '名稱不正確',
  'invalid-element': '其中一項不正確',
  'not-multiple-of': '小數位過多',
  'too-small': '太短或太小，至少 {limit}',
  'too-big': '太長或太大，最多 {limit}',
  'too-long': '太長',
  'out-of-range': '超出允許的範圍',
  'after-end': '不能晚於結束',
  'either-or': '兩者只能填一項',
  'invalid-cursor': '翻頁位置無效，請從頭列出',
  'not-a-choice': '只有選項欄位才有選項',
  'not-grantable': '不能授予自己沒有的權限',
  custom: '內容不正確',
  empty: '沒有欄名',
  repeated: '重複',
  taken: '已被使用',
  'same-password': '新密碼與原密碼相同',
  'unknown-team': '沒有這個團隊',
  'unknown-user': '沒有這個使用者',
  'unknown-status': '沒有這個客戶狀態',
  'unknown-kind': '不能在這裡匯入',
  // of a file
  'possible-duplicate': '與{owner}的客戶「{name}」（關鍵字「{keyword}」）相似',
  'unknown-column': '沒有這樣的欄',
  'repeated-column': '欄名重複',
  'missing-column': '缺少這一欄',
  'repeated-row': '同一列收到了兩次',
  'too-few-columns': '儲存格比欄少',
  'too-many-columns': '儲存格比欄多',
  'no-default-status': '沒有新客戶的預設狀態',
  'not-owner': '只有管理員能替別人匯入',
  'owner-kept': '客戶屬於別人，只能透過轉移變更',
  'unknown-customer': '您沒有這個編號的客戶',
  'unknown-product': '沒有這個編號的商品',
  'unknown-purchase': '沒有這個編號的購買記錄',
  'ledger-is-final': '已按其他內容入帳，帳目不可更改',
  'broken-off': '檔案未完整送達',
  'user-disabled': '發起匯入的使用者已停用',
};

export const FAULTS: Record<Exclude<Language, 'en'>, Record<string, string>> = {
  'zh-Hans': zhHans,
  'zh-Hant': zhHant,
};

/**
 * The same fault in the user's language: services speak English, and what has no other words stays so, as does what the
 * other words would say less well because the fault doesn't tell what they speak of.
 */
export function worded<F extends Fault>(fault: F, language: Language): F {
  if (language === 'en') return fault;
  const { code, params = {} } = fault;
  const words = FAULTS[language][code] ?? MESSAGES[language][code] ?? fault.message;
  const untold = [...words.matchAll(PLACE)].some(([, name = '']) => !(name in params));
  return untold ? fault : { ...fault, message: words.replace(PLACE, (_, name: string) => String(params[name])) };
}

import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { randomFrom } from '#testing/scale';

/** Short names of real companies lie beside the repository where they may not be committed. */
const REAL = resolve('../shared/data/company-short-names.txt');

const REGIONS = [
  '深圳市',
  '广州市',
  '上海',
  '北京',
  '杭州市',
  '成都',
  '武汉',
  '苏州',
  '东莞市',
  '厦门',
  '青岛',
  '西安',
];
const TRADES = ['科技', '通信', '贸易', '电子', '机械', '建材', '食品', '物流', '医药', '信息技术', '实业', '服饰'];
const FORMS = ['有限公司', '股份有限公司', '集团有限公司', '有限责任公司', '厂'];
const LETTERS = Array.from(
  '安百邦宝倍奔本博彩昌长超辰成诚驰创达大德鼎东敦尔法方飞丰峰孚福富冠光广国海汉航昊浩合和恒弘宏鸿华皇辉汇惠吉佳嘉建江捷杰今金锦京晶景久君骏凯康科坤莱兰朗雷力立利联良林龙隆美明铭木南能宁鹏品普齐祺奇启千前秦清庆群仁荣融瑞润三森沙山善尚邵申深圣盛石世顺思四泰腾天田通同图途万旺威维伟文五西希先翔祥欣新鑫信星兴雄旭轩讯亚雅言扬阳耀一依宜亿义益银盈永友宇雨裕元源远月悦云运泽展昭振正之志智中忠洲众卓子紫宗祖',
);

export interface CompanyName {
  name: string;
  keyword: string;
}

/** As many companies as are asked for, always the same. Keywords have two to four letters, the short ones seldom. */
export function* companyNames(count: number, seed = 1): Generator<CompanyName> {
  const random = randomFrom(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
  const real = existsSync(REAL) ? readFileSync(REAL, 'utf8').split('\n').filter(Boolean) : [];
  const made = () => Array.from({ length: pick([2, 3, 3, 3, 3, 4, 4, 4, 4, 4]) }, () => pick(LETTERS)).join('');
  for (let n = 0; n < count; n++) {
    const keyword = real[n]?.slice(0, 60) ?? made();
    yield { keyword, name: `${pick(REGIONS)}${keyword}${pick(TRADES)}${pick(FORMS)}` };
  }
}

import { fold as unify } from '#text/fold';

/** As many characters of a keyword as its contract allows; a folded one that has grown beyond is cut. */
export const LONGEST_KEYWORD = 60;

/** How names are compared: without script, width, case, spaces and punctuation. */
export function fold(text: string): string {
  const unified = unify(text);
  // A name of nothing but punctuation still is a name.
  return unified.replace(/[\p{P}\p{Z}\p{C}]+/gu, '') || unified;
}

export const foldKeyword = (keyword: string) => Array.from(fold(keyword)).slice(0, LONGEST_KEYWORD).join('');

/** How codes and the names of statuses are compared: there, punctuation tells one from another. */
export const foldCode = unify;

const PROVINCES =
  '北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门';
const CITIES =
  '深圳|广州|东莞|佛山|珠海|中山|惠州|杭州|宁波|温州|南京|苏州|无锡|常州|武汉|成都|西安|长沙|郑州|青岛|济南|大连|沈阳|哈尔滨|长春|石家庄|太原|合肥|福州|厦门|泉州|南昌|南宁|海口|贵阳|昆明|兰州|西宁|银川|乌鲁木齐|呼和浩特|拉萨|烟台|台北|高雄|台中';
const REGION = new RegExp(
  `^(?:中国)?(?:(?:${PROVINCES})(?:特别行政区|(?:壮族|回族|维吾尔)?自治区|省|市)?)?` +
    `(?:(?:${CITIES})市?|[\\p{Script=Han}]{2,3}(?<![超股城都夜])市)?`,
  'u',
);
/** As in 中兴通信（深圳）有限公司. */
const BRACKETED_REGION = new RegExp(`\\((?:中国|(?:${PROVINCES})(?:省|市)?|(?:${CITIES})市?)\\)`, 'gu');
const LEGAL_FORM =
  /(?:股份有限公司|有限责任公司|股份公司|有限公司|集团公司|总公司|分公司|公司|集团|合伙企业|有限合伙|普通合伙|企业社|株式会社)$/u;
const LATIN_LEGAL_FORM =
  /(?:^|(?<=[\s\p{Script=Han}]))(?:(?:co|company|pte|pty)\s+)?(?:ltd|limited|inc|incorporated|corp|corporation|llc|plc|gmbh|sdn\s+bhd)\s*$|\s(?:co|company)\s*$/u;

/** What is left of a folded name without the region before it and the legal form behind it: what makes names alike. */
export function coreOf(name: string): string {
  let core = shorten(unify(name), BRACKETED_REGION)
    .replace(/[\p{P}\p{Z}\p{C}]+/gu, ' ')
    .trim();
  core = shorten(core, LATIN_LEGAL_FORM).replaceAll(' ', '');
  for (let longer = ''; longer !== core;) {
    longer = core;
    core = shorten(core, LEGAL_FORM);
  }
  return shorten(core, REGION) || fold(name);
}

/** Takes the match away, unless hardly anything would be left: 上海公司 is not the same as every other company. */
function shorten(text: string, affix: RegExp): string {
  const rest = text.replace(affix, '').trim();
  return Array.from(rest).length >= 2 ? rest : text;
}

/** Every part of a folded name that could be somebody's keyword. */
export function substringsOf(folded: string, longest = LONGEST_KEYWORD): string[] {
  const characters = Array.from(folded);
  const parts = new Set<string>();
  for (let from = 0; from < characters.length; from++) {
    let part = '';
    for (const character of characters.slice(from, from + longest)) parts.add((part += character));
  }
  return [...parts];
}

/** The single characters and neighbouring pairs that stand in a text: what the GIN index holds. */
export function gramsOf(...folded: string[]): string[] {
  const grams = new Set<string>();
  for (const text of folded) {
    const characters = Array.from(text);
    characters.forEach((character, at) => {
      grams.add(character);
      const next = characters[at + 1];
      if (next !== undefined) grams.add(character + next);
    });
  }
  return [...grams];
}

/** The grams that a text to be found must have. Pairs alone do, where there are any, and are far rarer. */
export function probeGramsOf(folded: string): string[] {
  const grams = gramsOf(folded);
  const pairs = grams.filter((gram) => Array.from(gram).length === 2);
  return pairs.length > 0 ? pairs : grams;
}

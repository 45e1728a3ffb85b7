import type { Language } from '#contracts/common';

/** A language tag of the caller's as one of ours. Chinese is told apart by script, and by region where none is named. */
function known(tag: string): Language | undefined {
  const [language, ...rest] = tag.toLowerCase().split('-');
  if (language === 'en') return 'en';
  if (language !== 'zh') return undefined;
  if (rest.includes('hant')) return 'zh-Hant';
  if (rest.includes('hans')) return 'zh-Hans';
  return rest.some((part) => ['tw', 'hk', 'mo'].includes(part)) ? 'zh-Hant' : 'zh-Hans';
}

/** The best of our languages for an `Accept-Language` header (RFC 9110, 12.5.4). */
export function negotiateLanguage(header: string | undefined, fallback: Language): Language {
  const wishes = (header ?? '').split(',').map((wish) => {
    const [tag = '', ...parameters] = wish.split(';').map((part) => part.trim());
    const weight = parameters.find((parameter) => parameter.startsWith('q='));
    return { language: tag === '*' ? fallback : known(tag), weight: weight ? Number(weight.slice(2)) : 1 };
  });
  const usable = wishes.filter(({ language, weight }) => language && weight > 0);
  // Sorting is stable: among equals the first one named wins.
  usable.sort((a, b) => b.weight - a.weight);
  return usable[0]?.language ?? fallback;
}

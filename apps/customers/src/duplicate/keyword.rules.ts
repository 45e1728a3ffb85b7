import type { KeywordHint } from '#contracts/duplicates';
import { fold, foldKeyword } from './folding.rules.js';

/** In so many names a keyword no longer tells one customer from the others. */
const COMMON = 20;
/** Widths, in which a Han character counts as two letters. */
const SHORTEST = 3;
const LONGEST = 16;

/** What could be better about a keyword that `count` other names hold; for a form that shows it while one types. */
export function hintsFor({ name, keyword }: { name: string; keyword: string }, count: number): KeywordHint[] {
  const folded = foldKeyword(keyword);
  const width = Array.from(folded).reduce((sum, character) => sum + (character > '\u2e7f' ? 2 : 1), 0);
  return [
    ...(width < SHORTEST ? (['keyword-too-short'] as const) : []),
    ...(count >= COMMON ? (['keyword-too-common'] as const) : []),
    ...(width > LONGEST ? (['keyword-too-long'] as const) : []),
    ...(fold(name).includes(folded) ? [] : (['keyword-not-in-name'] as const)),
  ];
}

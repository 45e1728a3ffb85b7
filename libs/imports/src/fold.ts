import * as opencc from 'opencc-js/t2cn';

/** Its own types lose their way under NodeNext: they import each other without extensions. */
interface OpenCc {
  Converter(options: { from: 't'; to: 'cn' }): (text: string) => string;
}

const toSimplified = (opencc as unknown as OpenCc).Converter({ from: 't', to: 'cn' });
const known = new Map<string, string>();

/**
 * Text without what people don't mean by it: simplified or traditional script, full or half width, case, outer spaces.
 * Character by character, so that a part of a text folds to a part of the folded text.
 */
export function fold(text: string): string {
  let folded = '';
  for (const character of text.normalize('NFKC').trim().toLowerCase()) {
    if (character <= '\u2e7f') folded += character;
    else folded += known.get(character) ?? remember(character);
  }
  return folded;
}

function remember(character: string): string {
  const simplified = toSimplified(character);
  known.set(character, simplified);
  return simplified;
}

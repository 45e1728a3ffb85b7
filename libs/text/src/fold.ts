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
  // Lower-casing may leave what NFKC composes, hence twice.
  for (const character of text.normalize('NFKC').trim().toLowerCase().normalize('NFKC')) {
    if (character <= '\u2e7f') folded += character;
    else folded += known.get(character) ?? remember(character);
  }
  return folded;
}

/** A character may lead to one that is itself led on: followed to its end, so that what is folded stays as it is. */
function remember(character: string): string {
  let simplified = toSimplified(character);
  for (let from = character; simplified !== from; simplified = toSimplified(from)) from = simplified;
  known.set(character, simplified);
  return simplified;
}

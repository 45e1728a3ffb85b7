/**
 * Which of the offered media types an `Accept` header likes best (RFC 9110, 12.5.1); the first one when it likes them
 * alike, or none of them.
 */
export function negotiateMedia<T extends string>(header: string | undefined, offered: readonly [T, ...T[]]): T {
  const ranges = (header ?? '*/*').split(',').map((part) => {
    const [range = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase());
    const weight = parameters.find((parameter) => parameter.startsWith('q='));
    return { range, weight: weight ? Number(weight.slice(2)) || 0 : 1 };
  });
  // The range that says most of a type decides about it.
  const liked = (type: T) => {
    const family = `${type.split('/')[0]}/*`;
    const found = [type, family, '*/*'].map((range) => ranges.find((one) => one.range === range)).find(Boolean);
    return found?.weight ?? 0;
  };
  return [...offered].sort((a, b) => liked(b) - liked(a))[0] ?? offered[0];
}

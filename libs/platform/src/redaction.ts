const SECRET = /password|secret|token|authorization|cookie/i;

/** Fields that tell who somebody is, or what was said with him. Log lines name people and customers by their ids. */
const PERSONAL = new Set([
  'name',
  'displayName',
  'username',
  'customerName',
  'ownerName',
  'keyword',
  'phone',
  'mobile',
  'email',
  'wechat',
  'birthday',
  'address',
  'taxId',
  'invoiceTitle',
  'note',
  'content',
  'query',
  'parameters',
]);

/** Secrets and persons in running text: what others' errors quote. */
const IN_TEXT: [RegExp, string][] = [
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]+/g, '[token]'],
  [/(:\/\/[^\s:/@]+):[^\s@]+@/g, '$1:[password]@'],
  [/[\w.+-]+@[\w-]+\.[\w.-]*\w/g, '[e-mail]'],
  [/(?<![\w-])(\+?86[- ]?)?1[3-9]\d{9}(?![\w-])/g, '[phone]'],
  [/(?<![\w-])0\d{2,3}-\d{7,8}(?![\w-])/g, '[phone]'],
  // PostgreSQL's detail of a violated constraint.
  [/\bKey \((.+?)\)=\(.*?\)(?= |$)/g, 'Key ($1)=([value])'],
];

const DEEPEST = 6;

/** The value as it may stand in a log line: without secrets and without what names a person. */
export function redacted(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return IN_TEXT.reduce((text, [found, instead]) => text.replace(found, instead), value);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (depth === DEEPEST) return '[deeper]';
  if (value instanceof Error) return ofError(value, depth);
  if (Array.isArray(value)) return value.map((one) => redacted(one, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      inner !== undefined && (SECRET.test(name) || PERSONAL.has(name)) ? '[redacted]' : redacted(inner, depth + 1),
    ]),
  );
}

/** Not what else hangs on it: a failed query's error carries the statement's values. */
function ofError({ name, message, stack, cause, ...more }: Error, depth: number): object {
  const { code, slug } = more as { code?: unknown; slug?: unknown };
  return {
    type: name,
    message: redacted(message),
    stack: redacted(stack),
    ...(code !== undefined && { code }),
    ...(slug !== undefined && { slug }),
    ...(cause !== undefined && { cause: redacted(cause, depth + 1) }),
  };
}

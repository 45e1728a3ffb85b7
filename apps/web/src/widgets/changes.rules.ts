type Values = Record<string, unknown>;

const empty = (value: unknown): boolean => value === undefined || value === null || value === '';

/** A value as text, in whatever order its members stand. */
const told = (value: unknown): string =>
  JSON.stringify(value, (_name, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)))
      : part,
  );

/** What is filled in, for something new: empty fields are left out. */
export const filledIn = (values: object): Values =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => !empty(value)));

/** What a form changes, for an edit: untouched fields are left out, emptied ones are null. */
export function changesTo(before: object, values: object): Values {
  const old = before as Values;
  const changed = Object.entries(values).filter(([name, value]) =>
    empty(value) ? !empty(old[name]) : told(value) !== told(old[name]),
  );
  return Object.fromEntries(changed.map(([name, value]) => [name, empty(value) ? null : value]));
}

/** Alike for whoever reads the form: nothing, an empty text and an empty list are one. */
export const sameValue = (a: unknown, b: unknown): boolean => {
  const none = (value: unknown) => empty(value) || (Array.isArray(value) && value.length === 0);
  return none(a) ? none(b) : told(a) === told(b);
};

export const valueAt = (values: object | undefined, path: readonly string[]): unknown =>
  path.reduce<unknown>((part, name) => (part as Values | undefined)?.[name], values);

/** The same values but one. */
export function withValueAt<V extends object>(values: V, [name = '', ...below]: readonly string[], value: unknown): V {
  const old = (values as Values)[name];
  return {
    ...values,
    [name]: below.length === 0 ? value : withValueAt((old as object | undefined) ?? {}, below, value),
  };
}

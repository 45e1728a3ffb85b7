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

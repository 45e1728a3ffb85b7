import type { FieldChange } from '../customer/customer.entity.js';

/** What differs between two states of one thing, field by field; what isn't there is null. */
export function changesBetween(before: object = {}, after: object = {}): FieldChange[] {
  const from = new Map<string, unknown>(Object.entries(before));
  const to = new Map<string, unknown>(Object.entries(after));
  return [...new Set([...from.keys(), ...to.keys()])]
    .map((field) => ({ field, from: from.get(field) ?? null, to: to.get(field) ?? null }))
    .filter((change) => JSON.stringify(change.from) !== JSON.stringify(change.to));
}

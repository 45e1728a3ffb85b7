/** Queries that a change of a customer makes out of date. */
export const CHANGED = [['customers'], ['customer'], ['customer-statuses'], ['log']];
/** And those that a new owner does: what belongs to a customer goes with him. */
export const MOVED = [...CHANGED, ['delegations'], ['arrears'], ['reminders'], ['hand-overs']];

/** How the reminder `r` stands on a day; in rows that were read, `standingOn` tells it. */
export const stateOn = (day: string) => `CASE WHEN r.until <= ${day} THEN 'open' ELSE r.state END`;

/** In which of 80 slots a purchase lies, by its id, so that a sweep can be shared out; the indexes hold this expression. */
export const slotOf = (purchaseId: string) => `((uuid_hash(${purchaseId}) & 2147483647) % 80)`;

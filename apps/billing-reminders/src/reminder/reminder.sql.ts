/** How the reminder `r` stands on a day; in rows that were read, `standingOn` tells it. */
export const stateOn = (day: string) => `CASE WHEN r.until <= ${day} THEN 'open' ELSE r.state END`;

/** How long before its end a service's yearly fee is asked for, unless something else is set. */
export const LEAD = 'P1M';

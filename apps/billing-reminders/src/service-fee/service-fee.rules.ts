import type { Span } from '../calendar.rules.js';

/** How long before its end a service's yearly fee is asked for, unless something else is set. */
export const LEAD: Span = { count: 1, unit: 'M' };

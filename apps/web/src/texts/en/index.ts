import { app } from './app.js';
import { billing } from './billing.js';
import { customers } from './customers.js';
import { pages } from './pages.js';
import { records } from './records.js';
import { sales } from './sales.js';

export const en = { ...app, ...customers, ...sales, ...records, ...billing, ...pages } as const;

/** The same keys in another language. */
export type SameKeys<T> = { readonly [K in keyof T]: T[K] extends string ? string : SameKeys<T[K]> };
export type Texts = SameKeys<typeof en>;
export const texts: Texts = en;

import type { Texts } from '../en/index.js';
import { app } from './app.js';
import { billing } from './billing.js';
import { customers } from './customers.js';
import { pages } from './pages.js';
import { records } from './records.js';
import { sales } from './sales.js';

export const texts: Texts = { ...app, ...customers, ...sales, ...records, ...billing, ...pages };

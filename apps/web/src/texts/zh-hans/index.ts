import type { Texts } from '../en/index.js';
import { app } from './app.js';
import { customers } from './customers.js';

export const texts: Texts = { ...app, ...customers };

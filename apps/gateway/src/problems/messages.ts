import type { Language } from '#contracts/common';
import type { ErrorKind } from '#contracts/errors';
import { en } from './en.js';
import { zhHans } from './zh-hans.js';
import { zhHant } from './zh-hant.js';

export const MESSAGES: Record<Language, Record<string, string>> = { 'zh-Hans': zhHans, 'zh-Hant': zhHant, en };

/** What a problem says; in general terms, if its slug is unknown here. */
export const titleOf = (slug: string, kind: ErrorKind, language: Language): string =>
  MESSAGES[language][slug] ?? MESSAGES[language][kind] ?? slug;

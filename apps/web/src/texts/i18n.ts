import type { Locale } from 'antd/es/locale';
import dayjs from 'dayjs';
import { createInstance } from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { Language } from '../app/preferences.js';
import type { Texts } from './en/index.js';

export const i18n = createInstance();

const LOADERS: Record<Language, () => Promise<[{ texts: Texts }, { default: Locale }, unknown]>> = {
  'zh-Hans': () =>
    Promise.all([import('./zh-hans/index.js'), import('antd/es/locale/zh_CN.js'), import('dayjs/locale/zh-cn.js')]),
  'zh-Hant': () =>
    Promise.all([import('./zh-hant/index.js'), import('antd/es/locale/zh_TW.js'), import('dayjs/locale/zh-tw.js')]),
  en: () => Promise.all([import('./en/index.js'), import('antd/es/locale/en_US.js'), import('dayjs/locale/en.js')]),
};
const DAYJS: Record<Language, string> = { 'zh-Hans': 'zh-cn', 'zh-Hant': 'zh-tw', en: 'en' };

/** Speaks this language from now on; gives the component library's own texts in it. */
export async function loadLanguage(language: Language): Promise<Locale> {
  const [{ texts }, { default: locale }] = await LOADERS[language]();
  if (!i18n.isInitialized) {
    await i18n.use(initReactI18next).init({ lng: language, resources: {}, interpolation: { escapeValue: false } });
  }
  i18n.addResourceBundle(language, 'translation', texts, true, true);
  await i18n.changeLanguage(language);
  dayjs.locale(DAYJS[language]);
  return locale;
}

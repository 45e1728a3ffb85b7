import { useTranslation } from 'react-i18next';
import { client } from '../../api/client.js';
import { LANGUAGE_NAMES, type Language } from '../../app/preferences.js';
import { useOperation } from '../message/useOperation.js';

/** Mails to the user come in the language that he has chosen last, in whichever browser. */
export function useLanguageOfMails() {
  const { t } = useTranslation();
  return useOperation({
    run: (language: Language) => client.patch('/me', { body: { language }, params: { header: { 'If-Match': '*' } } }),
    what: (language) => t('session.mailsIn', { language: LANGUAGE_NAMES[language] }),
    refreshes: [],
  });
}

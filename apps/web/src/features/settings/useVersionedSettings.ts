import { useTranslation } from 'react-i18next';
import type { VersionedField } from '../../widgets/StaleEdit.js';
import { DAYS, LETTERHEAD, MAIL } from './organisation.form.js';

/** What of the settings two people may have changed at the same time. */
export function useVersionedSettings(): VersionedField[] {
  const { t } = useTranslation();
  return [
    { path: ['organisationName'], label: t('settings.organisationName') },
    { path: ['currency'], label: t('settings.currency') },
    { path: ['paymentTermDays'], label: t('settings.paymentTermDays') },
    { path: ['serviceFeeLead'], label: t('catalogue.serviceFeeLead') },
    ...([...LETTERHEAD, 'note'] as const).map((name) => ({
      path: ['letterhead', name],
      label: t(`settings.letterheads.${name}`),
    })),
    ...MAIL.map((name) => ({ path: ['mail', name], label: t(`settings.mails.${name}`) })),
    { path: ['calendar', 'workingDays'], label: t('settings.workingDays') },
    ...DAYS.map((name) => ({ path: ['calendar', name], label: t(`settings.${name}`) })),
  ];
}

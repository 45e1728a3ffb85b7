import { queryOptions } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ifMatch } from '#client/headers';
import type { SettingsPatch } from '#contracts/settings';
import { client } from '../../api/client.js';
import { useOperation } from '../message/useOperation.js';

export const organisationQuery = queryOptions({
  queryKey: ['settings'],
  queryFn: ({ signal }) => client.get('/settings', { signal }),
});

/** Saves what holds for the whole organisation. */
export function useSaveOrganisation() {
  const { t } = useTranslation();
  return useOperation({
    run: ({ version, patch }: { version: number; patch: SettingsPatch }) =>
      client.patch('/settings', { params: { header: ifMatch(version) }, body: patch }),
    what: () => t('settings.did.organisation'),
    refreshes: [['settings']],
  });
}

import { useTranslation } from 'react-i18next';
import { ifMatch } from '#client/headers';
import type { components } from '#client/schema';
import { client } from '../../api/client.js';
import { useOperation } from '../message/useOperation.js';

type Schemas = components['schemas'];
export type CustomField = Schemas['CustomField'];

/** The fields that customers have beside the usual ones. */
export function useFieldOperations() {
  const { t } = useTranslation();
  const refreshes = [['custom-fields']];
  return {
    create: useOperation({
      run: (body: Schemas['NewCustomField']) => client.post('/custom-fields', { body }),
      what: ({ label }) => t('settings.did.create', { name: label }),
      refreshes,
    }),
    update: useOperation({
      run: ({ field, patch }: { field: CustomField; patch: Schemas['CustomFieldPatch'] }) =>
        client.patch('/custom-fields/{fieldId}', {
          params: { path: { fieldId: field.id }, header: ifMatch(field.version) },
          body: patch,
        }),
      what: ({ field }) => t('settings.did.edit', { name: field.label }),
      refreshes,
    }),
    remove: useOperation({
      run: ({ id, version }: CustomField) =>
        client.delete('/custom-fields/{fieldId}', { params: { path: { fieldId: id }, header: ifMatch(version) } }),
      what: ({ label }) => t('settings.did.delete', { name: label }),
      refreshes,
    }),
  };
}

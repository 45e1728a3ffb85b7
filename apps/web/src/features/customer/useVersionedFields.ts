import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { VersionedField } from '../../widgets/StaleEdit.js';
import { useStatuses } from '../status/status.queries.js';
import { FORM_FIELDS } from './customer.form.js';
import { customFieldsQuery } from './customer.queries.js';

/** What of a customer two people may have changed at the same time. */
export function useVersionedFields(): VersionedField[] {
  const { t } = useTranslation();
  const statuses = useStatuses();
  const custom = useQuery(customFieldsQuery).data?.items ?? [];
  const statusName = (value: unknown) => statuses.find(({ id }) => id === value)?.name;
  return [
    ...FORM_FIELDS.map((field) => ({
      path: [field],
      label: t(`customer.${field === 'statusId' ? 'status' : field}`),
      ...(field === 'statusId' && { show: statusName }),
    })),
    ...custom.map(({ key, label }) => ({ path: ['customFields', key], label })),
  ];
}

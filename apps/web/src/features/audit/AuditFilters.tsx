import { Input, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { Colleague } from '../user/Colleague.js';
import type { AuditFilter } from './audit.queries.js';

const RESOURCES = [
  'customer',
  'contact',
  'quote',
  'purchase',
  'payment',
  'reminder',
  'dunning-notice',
  'delegation',
  'follow-up',
  'product',
  'status',
  'custom-field',
  'shared-view',
  'user',
  'team',
  'settings',
  'session',
  'api-token',
  'personal-data',
] as const;
const ACTIONS = [
  'created',
  'edited',
  'deleted',
  'restored',
  'imported',
  'transferred',
  'given',
  'revoked',
  'recorded',
  'paid',
  'renewed',
  'acknowledged',
  'snoozed',
  'promised',
  'disputed',
  'settled',
  'closed',
  'voided',
  'converted',
  'issued',
  'printed',
  'exported',
  'erased',
] as const;

/** Who did what to which, and when. */
export function AuditFilters({ filter, onFilter }: { filter: AuditFilter; onFilter: (filter: AuditFilter) => void }) {
  const { t } = useTranslation();
  const day = (name: 'from' | 'to') => (
    <Input
      type="date"
      size="small"
      style={{ width: 140 }}
      aria-label={t(`audit.${name}`)}
      title={t(`audit.${name}`)}
      value={filter[name] ?? ''}
      onChange={({ target }) => onFilter({ ...filter, [name]: target.value || undefined })}
    />
  );
  return (
    <>
      <Colleague
        value={filter.userId}
        onChange={(userId) => onFilter({ ...filter, userId })}
        filter
        placeholder={t('audit.who')}
      />
      <Select
        size="small"
        allowClear
        style={{ minWidth: 120 }}
        placeholder={t('audit.action')}
        aria-label={t('audit.action')}
        value={filter.action}
        onChange={(action: string | undefined) => onFilter({ ...filter, action })}
        options={ACTIONS.map((value) => ({ value, label: t(`log.actions.${value}`) }))}
      />
      <Select
        size="small"
        allowClear
        style={{ minWidth: 120 }}
        placeholder={t('audit.resource')}
        aria-label={t('audit.resource')}
        value={filter.resource}
        onChange={(resource: string | undefined) => onFilter({ ...filter, resource })}
        options={RESOURCES.map((value) => ({ value, label: t(`log.resources.${value}`) }))}
      />
      {day('from')}
      {day('to')}
    </>
  );
}

import { useQuery } from '@tanstack/react-query';
import { Form, Input, InputNumber, Select } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useUser } from '../../api/session.js';
import { LANGUAGE_NAMES, LANGUAGES } from '../../app/preferences.js';
import { useStatuses } from '../status/status.queries.js';
import { Colleague } from '../user/Colleague.js';
import { CustomFieldInputs } from './CustomFieldInputs.js';
import { customFieldsQuery } from './customer.queries.js';
import { TEXT_FIELDS } from './customer.form.js';

/** `ownerName`: of a customer that is there already. `hints`, `warning`: what is to be said of the name and keyword. */
export function CustomerFields({
  ownerName,
  hints,
  warning,
}: {
  ownerName?: string;
  hints: string[];
  warning: ReactNode;
}) {
  const { t } = useTranslation();
  const user = useUser();
  const statuses = useStatuses();
  const custom = useQuery(customFieldsQuery).data?.items ?? [];
  const required = { required: true, whitespace: true, message: t('form.required') };
  return (
    <>
      <Form.Item name="name" className="double" label={t('customer.name')} rules={[required]}>
        <Input autoFocus maxLength={200} />
      </Form.Item>
      <Form.Item
        name="keyword"
        label={t('customer.keyword')}
        rules={[required]}
        extra={hints.map((hint) => (
          <div key={hint}>{hint}</div>
        ))}
      >
        <Input maxLength={60} />
      </Form.Item>
      {warning}
      <Form.Item name="statusId" label={t('customer.status')} rules={[required]}>
        <Select options={statuses.map(({ id, name }) => ({ value: id, label: name }))} />
      </Form.Item>
      <Form.Item name="createdOn" label={t('customer.createdOn')} rules={[required]} tooltip={t('customer.backdate')}>
        <Input type="date" />
      </Form.Item>
      {ownerName === undefined && user.role === 'administrator' ? (
        <Form.Item name="ownerId" label={t('customer.owner')}>
          <Colleague placeholder={user.displayName} />
        </Form.Item>
      ) : (
        <Form.Item label={t('customer.owner')} htmlFor="customer-owner">
          <Input id="customer-owner" disabled value={ownerName ?? user.displayName} />
        </Form.Item>
      )}
      {TEXT_FIELDS.map((field) => (
        <Form.Item
          key={field.name}
          name={field.name}
          label={t(`customer.${field.name}`)}
          className={'wide' in field ? 'wide' : undefined}
        >
          <Input type={field.name === 'email' ? 'email' : undefined} />
        </Form.Item>
      ))}
      <Form.Item name="paymentTermDays" label={t('customer.paymentTermDays')}>
        <InputNumber min={0} max={3650} precision={0} style={{ width: '100%' }} suffix={t('unit.days')} />
      </Form.Item>
      <Form.Item name="language" label={t('customer.language')}>
        <Select allowClear options={LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value] }))} />
      </Form.Item>
      <Form.Item name="tags" label={t('customer.tags')}>
        <Select mode="tags" tokenSeparators={[',', '，', ' ']} open={false} suffixIcon={null} />
      </Form.Item>
      <CustomFieldInputs fields={custom} />
      <Form.Item name="note" className="wide" label={t('customer.note')}>
        <Input.TextArea autoSize={{ minRows: 2, maxRows: 8 }} maxLength={4000} />
      </Form.Item>
    </>
  );
}

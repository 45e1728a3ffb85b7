import type { ProblemError } from '#client/problem';
import { useQuery } from '@tanstack/react-query';
import { Alert, Form, Modal, Skeleton } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { can, relationAllows } from '#access/permissions';
import { CustomerPatch, NewCustomer } from '#contracts/customers';
import { useUser } from '../../api/session.js';
import { useToday } from '../../app/useToday.js';
import { faultsOf } from '../../widgets/faultsOf.js';
import { useDraft } from '../../widgets/useDraft.js';
import { StaleEdit } from '../../widgets/StaleEdit.js';
import { useFieldFaults } from '../../widgets/useFieldFaults.js';
import { organisationQuery } from '../settings/useOrganisation.js';
import { useStatuses } from '../status/status.queries.js';
import { changesTo, filledIn, type CustomerValues } from './customer.form.js';
import { customerQuery, type Customer } from './customer.queries.js';
import { CustomerFields } from './CustomerFields.js';
import './CustomerForm.css';
import { Duplicates, useDuplicates } from './Duplicates.js';
import { useSaveCustomer } from './useSaveCustomer.js';
import { useVersionedFields } from './useVersionedFields.js';

/** The form of a customer: of a new one with the given status, or of the one that is edited. */
export default function CustomerForm({
  editId,
  statusId,
  onClose,
}: {
  editId?: string;
  statusId?: string;
  onClose: (saved?: Customer) => void;
}) {
  const { t } = useTranslation();
  const { data, isError } = useQuery({ ...customerQuery(editId ?? ''), enabled: editId !== undefined, staleTime: 0 });
  const statuses = useStatuses();
  const today = useToday();
  const { isPending } = useQuery(organisationQuery);
  const normal = statuses.find(({ isDefault }) => isDefault)?.id;
  // A form keeps what it began with, so it waits for the default status, and for the organisation's day.
  if (editId === undefined ? normal === undefined || isPending : !data) {
    return (
      <Modal
        open
        footer={null}
        title={t(editId === undefined ? 'customer.create' : 'customer.edit')}
        onCancel={() => onClose()}
        width={760}
      >
        {isError ? <Alert type="warning" title={t('customer.gone')} /> : <Skeleton active />}
      </Modal>
    );
  }
  const initial: CustomerValues = data ?? { statusId: statusId || normal, createdOn: today, tags: [] };
  return <Filled key={editId ?? 'new'} customer={data} initial={initial} onClose={onClose} />;
}

function Filled({
  customer,
  initial,
  onClose,
}: {
  customer?: Customer;
  initial: CustomerValues;
  onClose: (saved?: Customer) => void;
}) {
  const { t } = useTranslation();
  const user = useUser();
  const [form] = Form.useForm<CustomerValues>();
  /** What the edit is made upon: as it was shown first, whatever has come in since. */
  const [shown, setShown] = useState(customer);
  const [stale, setStale] = useState<Customer>();
  const draft = useDraft(form, `${user.id}.customer.${customer?.id ?? 'new'}`);
  const showFaults = useFieldFaults(form);
  const fields = useVersionedFields();
  const duplicates = useDuplicates(form, shown);
  const { create, update } = useSaveCustomer();
  const readOnly = !can(user, 'customers.write') || (shown !== undefined && !relationAllows(shown.access, 'edit'));

  const refused = (error: Error) => {
    showFaults(error);
    const { slug, problem } = error as ProblemError;
    if (slug === 'possible-duplicate') duplicates.refused(problem);
    if (slug === 'stale-version') setStale(problem['current'] as Customer);
  };
  const done = (saved: Customer) => {
    draft.drop();
    onClose(saved);
  };
  const save = (values: CustomerValues, over = shown) => {
    const acknowledged = duplicates.acknowledged ? { acknowledgeDuplicates: true } : {};
    const body: Record<string, unknown> = { ...(over ? changesTo(over, values) : filledIn(values)), ...acknowledged };
    const faults = faultsOf(over ? CustomerPatch : NewCustomer, body);
    if (faults.length > 0) return showFaults(faults);
    const options = { onSuccess: done, onError: refused };
    if (over) update.mutate({ customer: over, patch: body }, options);
    else create.mutate(body as NewBody, options);
  };
  const giveUp = () => {
    draft.drop();
    onClose();
  };
  return (
    <Modal
      open
      className="customer-form"
      title={customer ? t(readOnly ? 'customer.show' : 'customer.edit') : t('customer.create')}
      okText={t('form.ok')}
      okButtonProps={{ disabled: readOnly || (duplicates.mustAcknowledge && !duplicates.acknowledged) }}
      confirmLoading={create.isPending || update.isPending}
      onOk={() => form.submit()}
      onCancel={giveUp}
      // It may have come in place of another one, which gives the focus back to where it was.
      afterOpenChange={(open) => open && form.focusField('name')}
      mask={{ closable: false }}
      width={760}
      style={{ top: 32 }}
    >
      {draft.restored && <Alert type="info" closable title={t('form.draft')} className="form-alert" />}
      {stale && (
        <StaleEdit
          fields={fields}
          mine={form.getFieldsValue(true) as CustomerValues}
          theirs={stale}
          before={shown}
          onSettle={(values) => {
            setShown(stale);
            setStale(undefined);
            form.setFieldsValue(values);
            save(values, stale);
          }}
        />
      )}
      <Form
        form={form}
        layout="vertical"
        className="customer-fields"
        disabled={readOnly}
        initialValues={initial}
        scrollToFirstError={{ focus: true }}
        onValuesChange={() => draft.keep()}
        onFinish={(values) => save({ ...initial, ...values })}
      >
        <CustomerFields
          ownerName={customer?.ownerName}
          hints={duplicates.hints}
          warning={<Duplicates {...duplicates} />}
        />
      </Form>
    </Modal>
  );
}

type NewBody = Parameters<ReturnType<typeof useSaveCustomer>['create']['mutate']>[0];

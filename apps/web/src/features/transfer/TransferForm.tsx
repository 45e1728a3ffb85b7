import { useQuery } from '@tanstack/react-query';
import { Alert, Form, Modal } from 'antd';
import { useTranslation } from 'react-i18next';
import { client } from '../../api/client.js';
import { useMoney } from '../../app/useMoney.js';
import { ReasonItem } from '../../widgets/ReasonItem.js';
import { useFieldFaults } from '../../widgets/useFieldFaults.js';
import type { Customer } from '../customer/customer.queries.js';
import { MOVED } from '../customer/refreshes.js';
import { useOperation } from '../message/useOperation.js';
import { Colleague } from '../user/Colleague.js';

interface Values {
  toUserId: string;
  reason: string;
}

/** Moves customers to another salesperson, after a look at what goes with them. */
export default function TransferForm({
  customers,
  onDone,
  onClose,
}: {
  customers: Customer[];
  onDone?: () => void;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const money = useMoney();
  const [form] = Form.useForm<Values>();
  const showFaults = useFieldFaults(form);
  const customerIds = customers.map(({ id }) => id);
  const toUserId = Form.useWatch('toUserId', form);
  const preview = useQuery({
    queryKey: ['transfers', 'preview', customerIds, toUserId],
    queryFn: ({ signal }) =>
      client.post('/transfers/preview', { body: { customerIds, toUserId: toUserId ?? '' }, signal }),
    enabled: toUserId !== undefined,
    retry: false,
  });
  const transfer = useOperation({
    run: (values: Values) => client.post('/transfers', { body: { customerIds, ...values } }),
    what: () => t('transfer.did', { name: customers[0]?.name, count: customers.length }),
    refreshes: MOVED,
    undo: ({ id }) => ({ kind: 'undo-transfer', id }),
    onDone,
  });
  const owners = new Set(customers.map(({ ownerId }) => ownerId));
  return (
    <Modal
      open
      title={t('transfer.title', { count: customers.length })}
      okText={t('form.ok')}
      confirmLoading={transfer.isPending}
      onOk={() => form.submit()}
      onCancel={onClose}
      width={440}
    >
      <Form
        form={form}
        layout="vertical"
        onFinish={(values) => transfer.mutate(values, { onSuccess: onClose, onError: showFaults })}
      >
        <Form.Item name="toUserId" label={t('transfer.to')} rules={[{ required: true, message: t('form.required') }]}>
          <Colleague except={owners.size === 1 ? [...owners] : []} />
        </Form.Item>
        <ReasonItem label={t('transfer.reason')} />
      </Form>
      {preview.data && (
        <Alert
          type="info"
          title={t('transfer.preview', {
            count: preview.data.customerCount,
            arrears: preview.data.openArrears.count,
            amount: money(preview.data.openArrears.amount),
            reminders: preview.data.openReminders,
          })}
        />
      )}
    </Modal>
  );
}

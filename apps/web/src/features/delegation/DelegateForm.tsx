import { Form, Input, Modal, Radio } from 'antd';
import dayjs from 'dayjs';
import { useTranslation } from 'react-i18next';
import { client } from '../../api/client.js';
import { useUser } from '../../api/session.js';
import { ReasonItem } from '../../widgets/ReasonItem.js';
import { useFieldFaults } from '../../widgets/useFieldFaults.js';
import type { Customer } from '../customer/customer.queries.js';
import { useOperation } from '../message/useOperation.js';
import { Colleague } from '../user/Colleague.js';

interface Values {
  delegateId: string;
  all: boolean;
  startsAt?: string;
  endsAt?: string;
  reason: string;
}

/** What a field for a date and a time holds is of this machine's zone. */
const instant = (local: string | undefined) => (local ? dayjs(local).toISOString() : undefined);

/** Lets a colleague act for some customers, or for all of their owner's, for a while. */
export default function DelegateForm({ customers, onClose }: { customers: Customer[]; onClose: () => void }) {
  const { t } = useTranslation();
  const user = useUser();
  const [form] = Form.useForm<Values>();
  const showFaults = useFieldFaults(form);
  const [ownerId] = customers.map((customer) => customer.ownerId);
  const [first] = customers.map((customer) => customer.name);
  const delegate = useOperation({
    run: ({ delegateId, all, startsAt, endsAt, reason }: Values) =>
      client.post('/delegations', {
        body: {
          delegateId,
          reason,
          ...(all ? { scope: 'all' as const } : { customerIds: customers.map(({ id }) => id) }),
          ...(ownerId !== user.id && { ownerId }),
          startsAt: instant(startsAt),
          endsAt: instant(endsAt) ?? null,
        },
      }),
    what: ({ all }) =>
      all ? t('delegation.did.all') : t('delegation.did.some', { name: first, count: customers.length }),
    refreshes: [['delegations'], ['customers'], ['log']],
    undo: ({ id }) => ({ kind: 'revoke-delegation', id }),
  });
  const required = { required: true, message: t('form.required') };
  return (
    <Modal
      open
      title={t('delegation.give')}
      okText={t('form.ok')}
      confirmLoading={delegate.isPending}
      onOk={() => form.submit()}
      onCancel={onClose}
      width={460}
    >
      <Form
        form={form}
        layout="vertical"
        initialValues={{ all: false }}
        onFinish={(values) => delegate.mutate(values, { onSuccess: onClose, onError: showFaults })}
      >
        <Form.Item name="delegateId" label={t('delegation.to')} rules={[required]}>
          <Colleague except={ownerId ? [ownerId] : []} />
        </Form.Item>
        <Form.Item name="all" label={t('delegation.scope')}>
          <Radio.Group
            options={[
              { value: false, label: t('delegation.these', { count: customers.length }) },
              { value: true, label: t('delegation.all') },
            ]}
          />
        </Form.Item>
        <div className="two-columns" style={{ gridTemplateColumns: 'repeat(auto-fit, minmax(190px, 1fr))' }}>
          <Form.Item name="startsAt" label={t('delegation.from')} extra={t('delegation.now')}>
            <Input type="datetime-local" />
          </Form.Item>
          <Form.Item name="endsAt" label={t('delegation.until')} extra={t('delegation.open')}>
            <Input type="datetime-local" />
          </Form.Item>
        </div>
        <ReasonItem label={t('delegation.reason')} />
      </Form>
    </Modal>
  );
}

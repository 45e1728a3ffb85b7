import { useQuery } from '@tanstack/react-query';
import { Alert, Descriptions, Form, Modal, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { client } from '../../api/client.js';
import { useMoney } from '../../app/useMoney.js';
import { ReasonItem } from '../../widgets/ReasonItem.js';
import { useFieldFaults } from '../../widgets/useFieldFaults.js';
import { MOVED } from '../customer/refreshes.js';
import { useOperation } from '../message/useOperation.js';
import { colleaguesQuery, useNames } from '../user/user.queries.js';
import { handOverPreviewQuery, holdingsQuery } from './hand-over.queries.js';
import type { User } from './people.queries.js';

interface Values {
  toUserIds: string[];
  reason: string;
}

/** All that a leaver holds goes to others in one act, after a look at what it is and who would get how much of it. */
export default function HandOverForm({ user, onClose }: { user: User; onClose: () => void }) {
  const { t } = useTranslation();
  const money = useMoney();
  const nameOf = useNames();
  const [form] = Form.useForm<Values>();
  const showFaults = useFieldFaults(form);
  const toUserIds = Form.useWatch('toUserIds', form) ?? [];
  const colleagues = useQuery(colleaguesQuery);
  const { data: holds } = useQuery(holdingsQuery(user.id));
  const preview = useQuery(handOverPreviewQuery(user.id, toUserIds));
  const handOver = useOperation({
    run: (body: Values) => client.post('/users/{userId}/hand-over', { params: { path: { userId: user.id } }, body }),
    what: () => t('handOver.did', { name: user.displayName }),
    refreshes: MOVED,
    undo: ({ id }) => ({ kind: 'undo-hand-over', id }),
  });
  return (
    <Modal
      open
      title={t('handOver.title', { name: user.displayName })}
      okText={t('form.ok')}
      confirmLoading={handOver.isPending}
      onOk={() => form.submit()}
      onCancel={onClose}
      width={520}
    >
      {holds && (
        <Descriptions
          size="small"
          style={{ marginBottom: 12 }}
          column={1}
          items={[
            { key: 'customers', label: t('handOver.customers'), children: holds.customers },
            {
              key: 'arrears',
              label: t('handOver.openArrears'),
              children: `${holds.openArrears.count} (${money(holds.openArrears.amount)})`,
            },
            { key: 'reminders', label: t('handOver.openReminders'), children: holds.openReminders },
            { key: 'given', label: t('handOver.delegationsGiven'), children: holds.delegationsGiven },
            { key: 'received', label: t('handOver.delegationsReceived'), children: holds.delegationsReceived },
          ]}
        />
      )}
      <Form
        form={form}
        layout="vertical"
        onFinish={(values) => handOver.mutate(values, { onSuccess: onClose, onError: showFaults })}
      >
        <Form.Item name="toUserIds" label={t('handOver.to')} rules={[{ required: true, message: t('form.required') }]}>
          <Select
            mode="multiple"
            showSearch={{ optionFilterProp: 'label' }}
            placeholder={t('user.choose')}
            loading={colleagues.isPending}
            options={colleagues.data
              ?.filter(({ id }) => id !== user.id)
              .map(({ id, displayName, username }) => ({ value: id, label: `${displayName} (${username})` }))}
          />
        </Form.Item>
        <ReasonItem label={t('transfer.reason')} />
      </Form>
      {preview.data && (
        <Alert
          type="info"
          title={preview.data.receivers.map(({ userId, customers, openArrears, openReminders }) => (
            <div key={userId}>
              {t('handOver.gets', {
                name: nameOf(userId),
                customers,
                arrears: openArrears.count,
                amount: money(openArrears.amount),
                reminders: openReminders,
              })}
            </div>
          ))}
        />
      )}
    </Modal>
  );
}

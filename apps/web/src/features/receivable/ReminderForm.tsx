import { Form, Input, Modal } from 'antd';
import { useTranslation } from 'react-i18next';
import { useFieldFaults } from '../../widgets/useFieldFaults.js';
import type { Reminder } from './receivable.queries.js';
import { useReminderOperation, type ReminderAct, type ReminderValues } from './useReminderOperation.js';

/** Which fields an act has; those marked are needed. */
const FIELDS: Record<ReminderAct, Partial<Record<keyof ReminderValues, 'needed' | 'free'>>> = {
  acknowledge: { note: 'free' },
  snooze: { until: 'needed', note: 'free' },
  promise: { date: 'needed', amount: 'needed', note: 'free' },
  dispute: { note: 'needed', until: 'free' },
  close: { note: 'needed' },
};

export default function ReminderForm({
  act,
  reminder,
  onClose,
}: {
  act: ReminderAct;
  reminder: Reminder;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const [form] = Form.useForm<ReminderValues>();
  const showFaults = useFieldFaults(form);
  const operation = useReminderOperation(act, reminder);
  const fields = FIELDS[act];
  const rulesOf = (field: keyof ReminderValues) =>
    fields[field] === 'needed' ? [{ required: true, message: t('form.required') }] : [];
  return (
    <Modal
      open
      title={`${t(`reminder.acts.${act}`)} · ${reminder.customerName}`}
      okText={t('form.ok')}
      confirmLoading={operation.isPending}
      onOk={() => form.submit()}
      onCancel={onClose}
      width={400}
    >
      <Form
        form={form}
        layout="vertical"
        initialValues={{ amount: reminder.amount }}
        onFinish={(values) => operation.mutate(values, { onSuccess: onClose, onError: showFaults })}
      >
        {fields.until && (
          <Form.Item name="until" label={t('reminder.until')} rules={rulesOf('until')}>
            <Input type="date" />
          </Form.Item>
        )}
        {fields.date && (
          <Form.Item name="date" label={t('reminder.promisedOn')} rules={rulesOf('date')}>
            <Input type="date" />
          </Form.Item>
        )}
        {fields.amount && (
          <Form.Item name="amount" label={t('reminder.amount')} rules={rulesOf('amount')}>
            <Input inputMode="decimal" className="number" />
          </Form.Item>
        )}
        <Form.Item name="note" label={t('reminder.note')} rules={rulesOf('note')}>
          <Input.TextArea autoSize={{ minRows: 2, maxRows: 6 }} />
        </Form.Item>
      </Form>
    </Modal>
  );
}

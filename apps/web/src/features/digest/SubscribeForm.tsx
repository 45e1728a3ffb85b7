import { Form, Input, Modal, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { useUser } from '../../api/session.js';
import { filledIn } from '../../widgets/changes.rules.js';
import { useFieldFaults } from '../../widgets/useFieldFaults.js';
import { Colleague } from '../user/Colleague.js';
import { kindsOf } from './kinds.rules.js';
import { useSubscriptionOperations } from './useSubscriptionOperations.js';
import { weekdays } from './weekdays.js';

type Values = Parameters<ReturnType<typeof useSubscriptionOperations>['subscribe']['mutate']>[0];
const FREQUENCIES = ['daily', 'weekly'] as const;

/** Which digest comes, and when; the administrator may name who gets it. */
export default function SubscribeForm({ onClose }: { onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const { role } = useUser();
  const [form] = Form.useForm<Values>();
  const frequency = Form.useWatch('frequency', form);
  const showFaults = useFieldFaults(form);
  const { subscribe } = useSubscriptionOperations();
  const kinds = kindsOf(role);
  const needed = [{ required: true, message: t('form.required') }];
  return (
    <Modal
      open
      title={t('digest.subscribe')}
      okText={t('form.save')}
      confirmLoading={subscribe.isPending}
      onOk={() => form.submit()}
      onCancel={onClose}
      width={380}
    >
      <Form
        form={form}
        layout="vertical"
        initialValues={{ kind: kinds[0], frequency: 'daily', time: '08:30', weekday: 1 }}
        onFinish={(values) =>
          subscribe.mutate(filledIn(values) as unknown as Values, { onSuccess: onClose, onError: showFaults })
        }
      >
        <Form.Item name="kind" label={t('digest.kind')} rules={needed}>
          <Select options={kinds.map((value) => ({ value, label: t(`digest.kinds.${value}`) }))} />
        </Form.Item>
        <Form.Item name="frequency" label={t('digest.frequency')} rules={needed}>
          <Select options={FREQUENCIES.map((value) => ({ value, label: t(`digest.frequencies.${value}`) }))} />
        </Form.Item>
        {frequency === 'weekly' && (
          <Form.Item name="weekday" label={t('digest.weekday')} rules={needed}>
            <Select options={weekdays(i18n.language)} />
          </Form.Item>
        )}
        <Form.Item name="time" label={t('digest.time')} rules={needed}>
          <Input type="time" />
        </Form.Item>
        {role === 'administrator' && (
          <Form.Item name="userId" label={t('digest.recipient')} extra={t('digest.myself')}>
            <Colleague />
          </Form.Item>
        )}
      </Form>
    </Modal>
  );
}

import { Button, Form, Input, Select } from 'antd';
import dayjs from 'dayjs';
import { useTranslation } from 'react-i18next';
import { client } from '../../api/client.js';
import { useUser } from '../../api/session.js';
import { useDraft } from '../../widgets/useDraft.js';
import { useFieldFaults } from '../../widgets/useFieldFaults.js';
import { useOperation } from '../message/useOperation.js';

const KINDS = ['call', 'visit', 'message', 'email', 'other'] as const;
interface Values {
  kind: (typeof KINDS)[number];
  content: string;
  occurredAt?: string;
  nextOn?: string;
}

/** Enters a follow-up; it can't be changed afterwards. */
export function FollowUpForm({ customerId }: { customerId: string }) {
  const { t } = useTranslation();
  const user = useUser();
  const [form] = Form.useForm<Values>();
  const draft = useDraft(form, `${user.id}.follow-up.${customerId}`);
  const showFaults = useFieldFaults(form);
  const record = useOperation({
    run: ({ kind, content, occurredAt, nextOn }: Values) =>
      client.post('/customers/{customerId}/follow-ups', {
        params: { path: { customerId } },
        body: {
          kind,
          content,
          ...(occurredAt && { occurredAt: dayjs(occurredAt).toISOString() }),
          ...(nextOn && { nextOn }),
        },
      }),
    what: () => t('followUp.did'),
    refreshes: [['log'], ['follow-ups']],
    onDone: () => {
      draft.drop();
      form.resetFields();
    },
  });
  return (
    <Form
      form={form}
      layout="vertical"
      className="follow-up"
      requiredMark={false}
      initialValues={{ kind: 'call' }}
      onValuesChange={draft.keep}
      onFinish={(values) => record.mutate(values, { onError: showFaults })}
    >
      <Form.Item name="kind" label={t('followUp.kind')}>
        <Select
          style={{ width: 96 }}
          options={KINDS.map((value) => ({ value, label: t(`followUp.kinds.${value}`) }))}
        />
      </Form.Item>
      <Form.Item
        name="content"
        className="follow-up-content"
        label={t('followUp.content')}
        rules={[{ required: true, whitespace: true, message: t('form.required') }]}
      >
        <Input.TextArea autoSize={{ minRows: 1, maxRows: 5 }} />
      </Form.Item>
      <Form.Item name="occurredAt" label={t('followUp.occurredAt')}>
        <Input type="datetime-local" />
      </Form.Item>
      <Form.Item name="nextOn" label={t('followUp.nextOn')}>
        <Input type="date" />
      </Form.Item>
      <Button type="primary" htmlType="submit" loading={record.isPending}>
        {t('followUp.record')}
      </Button>
    </Form>
  );
}

import { Button, Form, Input, Select } from 'antd';
import dayjs from 'dayjs';
import { useTranslation } from 'react-i18next';
import { can, GRANTABLE } from '#access/permissions';
import { NewApiToken } from '#contracts/api-tokens';
import { useUser } from '../../api/session.js';
import { useToday } from '../../app/useToday.js';
import { faultsOf } from '../../widgets/faultsOf.js';
import { useFieldFaults } from '../../widgets/useFieldFaults.js';
import { useTokenOperations } from './useTokenOperations.js';

interface Values {
  name: string;
  permissions: string[];
  /** The last day on which it is good. */
  expiresAt: string;
}
const DAYS = 90;

/** A new token; it is told to `onMade`, and never again. */
export function TokenForm({ onMade }: { onMade: (token: string) => void }) {
  const { t } = useTranslation();
  const user = useUser();
  const today = useToday();
  const [form] = Form.useForm<Values>();
  const showFaults = useFieldFaults(form);
  const { create } = useTokenOperations();
  const save = (values: Values) => {
    const body = { ...values, expiresAt: dayjs(values.expiresAt).endOf('day').toISOString() };
    const faults = faultsOf(NewApiToken, body);
    if (faults.length > 0) return showFaults(faults);
    create.mutate(body, { onSuccess: ({ token }) => onMade(token), onError: showFaults });
  };
  const mine = GRANTABLE.filter((permission) => can(user, permission));
  const needed = [{ required: true, message: t('form.required') }];
  const until = dayjs(today).add(DAYS, 'day').format('YYYY-MM-DD');
  return (
    <Form form={form} layout="vertical" initialValues={{ expiresAt: until }} onFinish={save}>
      <div className="two-columns">
        <Form.Item name="name" label={t('token.name')} rules={needed}>
          <Input autoFocus maxLength={100} />
        </Form.Item>
        <Form.Item name="expiresAt" label={t('token.expiresAt')} rules={needed}>
          <Input type="date" min={today} />
        </Form.Item>
      </div>
      <Form.Item name="permissions" label={t('token.permissions')} rules={needed}>
        <Select mode="multiple" options={mine.map((value) => ({ value, label: value }))} />
      </Form.Item>
      <Button type="primary" htmlType="submit" loading={create.isPending}>
        {t('token.create')}
      </Button>
    </Form>
  );
}

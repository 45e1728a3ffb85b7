import { Form, Input } from 'antd';
import { useTranslation } from 'react-i18next';

/** The field `reason` of a form: why something is done, in a line, for those who look into the log later. */
export function ReasonItem({ label, autoFocus }: { label: string; autoFocus?: boolean }) {
  const { t } = useTranslation();
  return (
    <Form.Item name="reason" label={label} rules={[{ required: true, whitespace: true, message: t('form.required') }]}>
      <Input autoFocus={autoFocus} maxLength={500} />
    </Form.Item>
  );
}

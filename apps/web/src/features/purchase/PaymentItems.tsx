import { Form, Input, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { METHODS, type Payment } from './purchase.queries.js';

/** How money came in, whatever it was for. */
export interface PaymentValues {
  paidOn: string;
  method: Payment['method'];
  reference?: string;
}

/** The fields of `PaymentValues` in a form. */
export function PaymentItems() {
  const { t } = useTranslation();
  return (
    <>
      <Form.Item name="paidOn" label={t('payment.paidOn')} rules={[{ required: true, message: t('form.required') }]}>
        <Input type="date" />
      </Form.Item>
      <Form.Item name="method" label={t('payment.method')} rules={[{ required: true, message: t('form.required') }]}>
        <Select options={METHODS.map((value) => ({ value, label: t(`payment.methods.${value}`) }))} />
      </Form.Item>
      <Form.Item name="reference" label={t('payment.reference')}>
        <Input maxLength={100} />
      </Form.Item>
    </>
  );
}

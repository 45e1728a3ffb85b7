import { Form, InputNumber, Modal } from 'antd';
import dayjs from 'dayjs';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMoney } from '../../app/useMoney.js';
import { useToday } from '../../app/useToday.js';
import { useFieldFaults } from '../../widgets/useFieldFaults.js';
import { payableOf } from './amounts.rules.js';
import { PaymentItems, type PaymentValues } from './PaymentItems.js';
import type { Purchase } from './purchase.queries.js';
import { usePurchaseOperations } from './usePurchaseOperations.js';

interface Values extends PaymentValues {
  years: number;
}

/** Pays the annual fee for some years: the service goes on, and the reminder is settled. */
export default function RenewalForm({ purchase, onClose }: { purchase: Purchase; onClose: () => void }) {
  const { t } = useTranslation();
  const money = useMoney();
  const today = useToday();
  const [form] = Form.useForm<Values>();
  const showFaults = useFieldFaults(form);
  const [key] = useState(() => crypto.randomUUID());
  const { renew } = usePurchaseOperations();
  const years = Form.useWatch('years', form) ?? 1;
  const until = dayjs(purchase.serviceEndsOn).add(years, 'year').format('YYYY-MM-DD');
  const required = { required: true, message: t('form.required') };
  return (
    <Modal
      open
      title={t('purchase.renewTitle', { name: purchase.productName })}
      okText={t('form.ok')}
      confirmLoading={renew.isPending}
      onOk={() => form.submit()}
      onCancel={onClose}
      width={440}
    >
      <p>
        {t('purchase.renewal', {
          amount: money(payableOf(String(years), purchase.annualFee)),
          from: purchase.serviceEndsOn,
          until,
        })}
      </p>
      <Form
        form={form}
        layout="vertical"
        className="two-columns"
        initialValues={{ years: 1, paidOn: today, method: 'transfer' }}
        onFinish={(renewal) => renew.mutate({ purchase, renewal, key }, { onSuccess: onClose, onError: showFaults })}
      >
        <Form.Item name="years" label={t('purchase.years')} rules={[required]}>
          <InputNumber min={1} max={20} precision={0} style={{ width: '100%' }} />
        </Form.Item>
        <PaymentItems />
      </Form>
    </Modal>
  );
}

import { useQuery } from '@tanstack/react-query';
import { Button, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMoney } from '../../app/useMoney.js';
import { useToday } from '../../app/useToday.js';
import { DataGrid, type Column } from '../../widgets/DataGrid.js';
import { useFieldFaults } from '../../widgets/useFieldFaults.js';
import { PaymentItems, type PaymentValues } from './PaymentItems.js';
import { paymentsQuery, type Payment, type Purchase } from './purchase.queries.js';
import { usePurchaseOperations } from './usePurchaseOperations.js';

interface Values extends PaymentValues {
  amount: string;
}

/** The ledger of one purchase: what was paid, refunded, and reversed. */
export default function Payments({
  purchase,
  mayBook,
  onClose,
}: {
  purchase: Purchase;
  mayBook: boolean;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const money = useMoney();
  const { data = [], isPending } = useQuery(paymentsQuery(purchase));
  const { pay } = usePurchaseOperations();
  const reversed = new Set(data.map(({ reversesId }) => reversesId));
  const columns: Column<Payment>[] = [
    { key: 'paidOn', title: t('payment.paidOn'), width: '6.5rem', render: (one) => one.paidOn },
    {
      key: 'amount',
      title: t('payment.amount'),
      width: 'minmax(5rem, 1fr)',
      align: 'end',
      render: (one) => money(one.amount),
    },
    {
      key: 'method',
      title: t('payment.method'),
      width: 'minmax(3.5rem, 1fr)',
      render: (one) => t(`payment.methods.${one.method}`),
    },
    {
      key: 'reference',
      title: t('payment.reference'),
      width: 'minmax(3rem, 2fr)',
      render: (one) => (one.reversesId ? t('payment.reversal') : one.reference),
    },
  ];
  return (
    <Modal open title={t('payment.title', { name: purchase.productName })} footer={null} onCancel={onClose} width={600}>
      <p>
        {t('purchase.payable')} <b>{money(purchase.payable)}</b> · {t('purchase.paid')} <b>{money(purchase.paid)}</b> ·{' '}
        {t('purchase.balance')} <b className={purchase.inArrears ? 'arrears' : undefined}>{money(purchase.balance)}</b>
      </p>
      <div style={{ height: 190, border: '1px solid var(--line)', borderRadius: 5, marginBottom: 12 }}>
        <DataGrid
          label={t('payment.list')}
          rows={data}
          columns={columns}
          loading={isPending}
          empty={t('payment.none')}
          menu={
            mayBook
              ? (payment) => [
                  {
                    key: 'reverse',
                    label: t('payment.reverse'),
                    disabled: payment.reversesId !== undefined || reversed.has(payment.id),
                    run: () =>
                      pay.mutate({ purchase, payment: { reversesId: payment.id }, key: `reverse-${payment.id}` }),
                  },
                ]
              : undefined
          }
        />
      </div>
      {mayBook && !purchase.voidedOn && <PaymentForm key={data.length} purchase={purchase} />}
    </Modal>
  );
}

function PaymentForm({ purchase }: { purchase: Purchase }) {
  const { t } = useTranslation();
  const today = useToday();
  const [form] = Form.useForm<Values>();
  const showFaults = useFieldFaults(form);
  const [key] = useState(() => crypto.randomUUID());
  const { pay } = usePurchaseOperations();
  const required = { required: true, message: t('form.required') };
  return (
    <Form
      form={form}
      layout="vertical"
      className="two-columns"
      initialValues={{ amount: purchase.inArrears ? purchase.balance : undefined, paidOn: today, method: 'transfer' }}
      onFinish={(payment) => pay.mutate({ purchase, payment, key }, { onError: showFaults })}
    >
      <Form.Item name="amount" label={t('payment.amount')} rules={[required]} tooltip={t('payment.refund')}>
        <Input inputMode="decimal" className="number" />
      </Form.Item>
      <PaymentItems />
      <Form.Item label=" " colon={false}>
        <Button type="primary" htmlType="submit" loading={pay.isPending}>
          {t('payment.record')}
        </Button>
      </Form.Item>
    </Form>
  );
}

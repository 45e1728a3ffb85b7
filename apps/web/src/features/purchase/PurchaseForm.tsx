import { Checkbox, Form, Input, Modal } from 'antd';
import { useTranslation } from 'react-i18next';
import { PurchasePatch } from '#contracts/sales';
import { useMoney } from '../../app/useMoney.js';
import { faultsOf } from '../../widgets/faultsOf.js';
import { useFieldFaults } from '../../widgets/useFieldFaults.js';
import { payableOf } from './amounts.rules.js';
import type { Purchase } from './purchase.queries.js';
import { usePurchaseOperations } from './usePurchaseOperations.js';

const FIELDS = ['quantity', 'unitPrice', 'dueOn', 'annualFee', 'serviceEndsOn', 'remind'] as const;
type Values = Pick<Purchase, (typeof FIELDS)[number]>;

/** Edits a purchase; what was paid on it is a matter of its ledger. */
export default function PurchaseForm({ purchase, onClose }: { purchase: Purchase; onClose: () => void }) {
  const { t } = useTranslation();
  const money = useMoney();
  const [form] = Form.useForm<Values>();
  const showFaults = useFieldFaults(form);
  const { edit } = usePurchaseOperations();
  const payable = payableOf(
    Form.useWatch('quantity', form) ?? purchase.quantity,
    Form.useWatch('unitPrice', form) ?? purchase.unitPrice,
  );
  const save = (values: Values) => {
    const changed = FIELDS.filter((field) => (values[field] || null) !== (purchase[field] || null));
    const patch = Object.fromEntries(changed.map((field) => [field, values[field] === '' ? null : values[field]]));
    const faults = faultsOf(PurchasePatch, patch);
    if (faults.length > 0) return showFaults(faults);
    edit.mutate({ purchase, patch }, { onSuccess: onClose, onError: showFaults });
  };
  const required = { required: true, message: t('form.required') };
  return (
    <Modal
      open
      title={t('purchase.editTitle', { name: purchase.productName })}
      okText={t('form.ok')}
      confirmLoading={edit.isPending}
      onOk={() => form.submit()}
      onCancel={onClose}
      width={460}
    >
      <Form form={form} layout="vertical" className="two-columns" initialValues={purchase} onFinish={save}>
        <Form.Item name="quantity" label={t('purchase.quantity')} rules={[required]}>
          <Input inputMode="decimal" className="number" suffix={purchase.unit} />
        </Form.Item>
        <Form.Item
          name="unitPrice"
          label={t('purchase.unitPrice')}
          rules={[required]}
          extra={t('purchase.guide', { price: money(purchase.guidePrice) })}
        >
          <Input inputMode="decimal" className="number" />
        </Form.Item>
        <Form.Item label={t('purchase.payable')}>
          <b className="number">{payable ? money(payable) : '—'}</b>
        </Form.Item>
        <Form.Item name="dueOn" label={t('purchase.dueOn')} rules={[required]}>
          <Input type="date" />
        </Form.Item>
        <Form.Item name="annualFee" label={t('purchase.annualFee')}>
          <Input inputMode="decimal" className="number" />
        </Form.Item>
        <Form.Item name="serviceEndsOn" label={t('purchase.serviceEndsOn')}>
          <Input type="date" />
        </Form.Item>
        <Form.Item name="remind" valuePropName="checked">
          <Checkbox>{t('purchase.remind')}</Checkbox>
        </Form.Item>
      </Form>
    </Modal>
  );
}

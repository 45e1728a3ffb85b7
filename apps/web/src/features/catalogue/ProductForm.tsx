import { Checkbox, Form, Input, InputNumber, Modal, Select, TreeSelect } from 'antd';
import { useTranslation } from 'react-i18next';
import { NewProduct, ProductPatch } from '#contracts/sales';
import { changesTo, filledIn } from '../../widgets/changes.rules.js';
import { faultsOf } from '../../widgets/faultsOf.js';
import { SpanInput } from '../../widgets/SpanInput.js';
import { useFieldFaults } from '../../widgets/useFieldFaults.js';
import type { Product } from '../product/product.queries.js';
import { treeOf } from '../product/tree.rules.js';
import { useCatalogueOperations, type Category } from './useCatalogueOperations.js';

const KINDS = ['goods', 'service'] as const;

/** A new product of the given category, or the one that is edited. */
export default function ProductForm({
  product,
  categoryId,
  categories,
  onClose,
}: {
  product?: Product;
  categoryId?: string;
  categories: Category[];
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const [form] = Form.useForm<Partial<Product>>();
  const showFaults = useFieldFaults(form);
  const { createProduct, updateProduct } = useCatalogueOperations();
  const save = (values: Partial<Product>) => {
    const body = product ? changesTo(product, values) : filledIn(values);
    const faults = faultsOf(product ? ProductPatch : NewProduct, body);
    if (faults.length > 0) return showFaults(faults);
    const options = { onSuccess: onClose, onError: showFaults };
    if (product) updateProduct.mutate({ product, patch: body }, options);
    else createProduct.mutate(body as Parameters<typeof createProduct.mutate>[0], options);
  };
  const needed = [{ required: true, message: t('form.required') }];
  return (
    <Modal
      open
      title={t(product ? 'catalogue.edit' : 'catalogue.add')}
      okText={t('form.save')}
      confirmLoading={createProduct.isPending || updateProduct.isPending}
      onOk={() => form.submit()}
      onCancel={onClose}
      width={520}
    >
      <Form
        form={form}
        layout="vertical"
        initialValues={product ?? { kind: 'goods', categoryId, active: true }}
        onFinish={save}
      >
        <div className="two-columns">
          <Form.Item name="code" label={t('product.code')} rules={needed}>
            <Input autoFocus={!product} maxLength={64} />
          </Form.Item>
          <Form.Item name="name" label={t('product.name')} rules={needed}>
            <Input maxLength={200} />
          </Form.Item>
          <Form.Item name="categoryId" label={t('product.category')}>
            <TreeSelect
              allowClear
              treeDefaultExpandAll
              fieldNames={{ value: 'key', label: 'title' }}
              treeData={treeOf(categories)}
            />
          </Form.Item>
          <Form.Item name="kind" label={t('catalogue.kind')} rules={needed}>
            <Select options={KINDS.map((value) => ({ value, label: t(`catalogue.kinds.${value}`) }))} />
          </Form.Item>
          <Form.Item name="unit" label={t('product.unit')} rules={needed}>
            <Input maxLength={20} />
          </Form.Item>
          <Form.Item name="guidePrice" label={t('product.guidePrice')} rules={needed}>
            <Input inputMode="decimal" className="number" />
          </Form.Item>
          <Form.Item name="annualFee" label={t('purchase.annualFee')}>
            <Input inputMode="decimal" className="number" />
          </Form.Item>
          <Form.Item name="serviceMonths" label={t('catalogue.serviceMonths')}>
            <InputNumber min={1} max={600} precision={0} style={{ width: '100%' }} />
          </Form.Item>
          <Form.Item name="serviceFeeLead" label={t('catalogue.serviceFeeLead')} extra={t('catalogue.leadHint')}>
            <SpanInput />
          </Form.Item>
        </div>
        <Form.Item name="active" valuePropName="checked">
          <Checkbox>{t('catalogue.active')}</Checkbox>
        </Form.Item>
      </Form>
    </Modal>
  );
}

import { Form, Input, Modal, TreeSelect } from 'antd';
import { useTranslation } from 'react-i18next';
import { changesTo, filledIn } from '../../widgets/changes.rules.js';
import { useFieldFaults } from '../../widgets/useFieldFaults.js';
import { treeOf } from '../product/tree.rules.js';
import { useCatalogueOperations, type Category } from './useCatalogueOperations.js';

interface Values {
  name: string;
  parentId?: string;
}

/** A new category below `parentId`, or with `category` its name and its place in the tree. */
export default function CategoryForm({
  category,
  parentId,
  categories,
  onClose,
}: {
  category?: Category;
  parentId?: string;
  categories: Category[];
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const [form] = Form.useForm<Values>();
  const showFaults = useFieldFaults(form);
  const { createCategory, updateCategory } = useCatalogueOperations();
  const save = (values: Values) => {
    const options = { onSuccess: onClose, onError: showFaults };
    if (category) updateCategory.mutate({ category, patch: changesTo(category, values) }, options);
    else createCategory.mutate(filledIn(values) as unknown as Values, options);
  };
  return (
    <Modal
      open
      title={t(category ? 'catalogue.editCategory' : 'catalogue.addCategory')}
      okText={t('form.save')}
      confirmLoading={createCategory.isPending || updateCategory.isPending}
      onOk={() => form.submit()}
      onCancel={onClose}
      width={380}
    >
      <Form form={form} layout="vertical" initialValues={category ?? { parentId }} onFinish={save}>
        <Form.Item
          name="name"
          label={t('product.category')}
          rules={[{ required: true, whitespace: true, message: t('form.required') }]}
        >
          <Input autoFocus maxLength={100} />
        </Form.Item>
        <Form.Item name="parentId" label={t('catalogue.parent')}>
          <TreeSelect
            allowClear
            treeDefaultExpandAll
            fieldNames={{ value: 'key', label: 'title' }}
            treeData={treeOf(categories.filter(({ id }) => id !== category?.id))}
          />
        </Form.Item>
      </Form>
    </Modal>
  );
}

import { Checkbox, Form, Input, Modal, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { CustomFieldPatch, CustomFieldType, NewCustomField } from '#contracts/custom-fields';
import { changesTo, filledIn } from '../../widgets/changes.rules.js';
import { faultsOf } from '../../widgets/faultsOf.js';
import { useFieldFaults } from '../../widgets/useFieldFaults.js';
import { useFieldOperations, type CustomField } from './useFieldOperations.js';

/** A new field, or the one that is edited: its key and its type never change. */
export default function FieldForm({ field, onClose }: { field?: CustomField; onClose: () => void }) {
  const { t } = useTranslation();
  const [form] = Form.useForm<Partial<CustomField>>();
  const type = Form.useWatch('type', form) ?? field?.type;
  const showFaults = useFieldFaults(form);
  const { create, update } = useFieldOperations();
  const save = (values: Partial<CustomField>) => {
    const body = field ? changesTo(field, values) : filledIn(values);
    const faults = faultsOf(field ? CustomFieldPatch : NewCustomField, body);
    if (faults.length > 0) return showFaults(faults);
    const options = { onSuccess: onClose, onError: showFaults };
    if (field) update.mutate({ field, patch: body }, options);
    else create.mutate(body as Parameters<typeof create.mutate>[0], options);
  };
  const needed = [{ required: true, message: t('form.required') }];
  return (
    <Modal
      open
      title={t(field ? 'settings.editField' : 'settings.addField')}
      okText={t('form.save')}
      confirmLoading={create.isPending || update.isPending}
      onOk={() => form.submit()}
      onCancel={onClose}
      width={400}
    >
      <Form form={form} layout="vertical" initialValues={field ?? { type: 'text', required: false }} onFinish={save}>
        <Form.Item name="label" label={t('settings.label')} rules={needed}>
          <Input autoFocus maxLength={60} />
        </Form.Item>
        {!field && (
          <>
            <Form.Item name="key" label={t('settings.key')} extra={t('settings.keyHint')} rules={needed}>
              <Input maxLength={40} />
            </Form.Item>
            <Form.Item name="type" label={t('settings.type')} rules={needed}>
              <Select
                options={CustomFieldType.options.map((value) => ({ value, label: t(`settings.types.${value}`) }))}
              />
            </Form.Item>
          </>
        )}
        {type === 'choice' && (
          <Form.Item name="options" label={t('settings.options')} rules={needed}>
            <Select mode="tags" open={false} />
          </Form.Item>
        )}
        <Form.Item name="required" valuePropName="checked">
          <Checkbox>{t('settings.required')}</Checkbox>
        </Form.Item>
      </Form>
    </Modal>
  );
}

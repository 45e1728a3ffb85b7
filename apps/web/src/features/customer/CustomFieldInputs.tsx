import type { components } from '#client/schema';
import { Checkbox, Form, Input, InputNumber, Select } from 'antd';
import { useTranslation } from 'react-i18next';

type CustomField = components['schemas']['CustomField'];

/** The organisation's own fields, each by its type. */
export function CustomFieldInputs({ fields }: { fields: CustomField[] }) {
  const { t } = useTranslation();
  return fields.map((field) => (
    <Form.Item
      key={field.id}
      name={['customFields', field.key]}
      label={field.label}
      valuePropName={field.type === 'boolean' ? 'checked' : 'value'}
      rules={field.required ? [{ required: true, message: t('form.required') }] : []}
    >
      {inputOf(field)}
    </Form.Item>
  ));
}

function inputOf({ type, options = [] }: CustomField) {
  switch (type) {
    case 'number':
      return <InputNumber style={{ width: '100%' }} />;
    case 'date':
      return <Input type="date" />;
    case 'boolean':
      return <Checkbox />;
    case 'choice':
      return <Select allowClear options={options.map((value) => ({ value, label: value }))} />;
    case 'text':
      return <Input maxLength={500} />;
  }
}

import { Button, Checkbox, ColorPicker, Form, Input, Modal } from 'antd';
import { useTranslation } from 'react-i18next';
import { useFieldFaults } from '../../widgets/useFieldFaults.js';
import './StatusZone.css';
import type { CustomerStatus } from './status.queries.js';
import { useStatusOperations } from './useStatusOperations.js';

interface Values {
  name: string;
  color?: string;
  isDefault?: boolean;
}

/** What the picker says of a colour. */
interface Picked {
  cleared: boolean | 'controlled';
  toHexString(): string;
}

/** A new status, or with `status` its name, its colour, and whether new customers get it. */
export default function StatusForm({ status, onClose }: { status?: CustomerStatus; onClose: () => void }) {
  const { t } = useTranslation();
  const [form] = Form.useForm<Values>();
  const color = Form.useWatch('color', form);
  const showFaults = useFieldFaults(form);
  const { create, update } = useStatusOperations();
  const save = ({ name, color, isDefault }: Values) => {
    const options = { onSuccess: onClose, onError: showFaults };
    const becomesDefault = isDefault && !status?.isDefault ? { isDefault: true as const } : {};
    if (status) update.mutate({ status, patch: { name, color: color ?? null, ...becomesDefault } }, options);
    else create.mutate({ name, ...(color && { color }), ...becomesDefault }, options);
  };
  return (
    <Modal
      open
      title={t(status ? 'status.rename' : 'status.add')}
      okText={t('form.save')}
      confirmLoading={create.isPending || update.isPending}
      onOk={() => form.submit()}
      onCancel={onClose}
      width={380}
    >
      <Form form={form} layout="vertical" initialValues={status} onFinish={save}>
        <Form.Item
          name="name"
          label={t('status.name')}
          rules={[{ required: true, whitespace: true, message: t('form.required') }]}
        >
          <Input autoFocus maxLength={60} />
        </Form.Item>
        <Form.Item
          name="color"
          label={t('status.color')}
          getValueFromEvent={(picked: Picked) => (picked.cleared ? undefined : picked.toHexString().slice(0, 7))}
        >
          <ColorPicker disabledAlpha allowClear>
            <Button className="status-name" aria-label={`${t('status.color')} ${color ?? ''}`}>
              <i style={{ background: color ?? 'transparent', borderColor: color ?? 'var(--quiet)' }} />
              {color ?? '—'}
            </Button>
          </ColorPicker>
        </Form.Item>
        <Form.Item name="isDefault" valuePropName="checked">
          <Checkbox disabled={status?.isDefault}>{t('status.makeDefault')}</Checkbox>
        </Form.Item>
      </Form>
    </Modal>
  );
}

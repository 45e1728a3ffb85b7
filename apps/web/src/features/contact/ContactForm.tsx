import { Checkbox, Form, Input, Modal } from 'antd';
import { useTranslation } from 'react-i18next';
import { ContactPatch, NewContact } from '#contracts/contacts';
import { useUser } from '../../api/session.js';
import { faultsOf } from '../../widgets/faultsOf.js';
import { useDraft } from '../../widgets/useDraft.js';
import { useFieldFaults } from '../../widgets/useFieldFaults.js';
import type { Contact } from './contact.queries.js';
import { useContactOperations } from './useContactOperations.js';

const FIELDS = ['title', 'mobile', 'phone', 'email', 'wechat', 'birthday'] as const;
type Values = Pick<Contact, 'name' | 'note' | 'primary' | (typeof FIELDS)[number]>;

export default function ContactForm({
  customerId,
  contact,
  onClose,
}: {
  customerId: string;
  contact?: Contact;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const user = useUser();
  const [form] = Form.useForm<Values>();
  const draft = useDraft(form, `${user.id}.contact.${contact?.id ?? customerId}`);
  const showFaults = useFieldFaults(form);
  const { create, update } = useContactOperations();
  const close = () => {
    draft.drop();
    onClose();
  };
  const save = ({ primary, ...values }: Values) => {
    const filled = Object.fromEntries(Object.entries(values).filter(([, value]) => value));
    const emptied = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value || null]));
    const body = { ...(contact ? emptied : filled), ...(primary && !contact?.primary && { primary: true as const }) };
    const faults = faultsOf(contact ? ContactPatch : NewContact, body);
    if (faults.length > 0) return showFaults(faults);
    const options = { onSuccess: close, onError: showFaults };
    if (contact) update.mutate({ contact, patch: body }, options);
    else create.mutate({ customerId, contact: { ...body, name: values.name } }, options);
  };
  return (
    <Modal
      open
      title={t(contact ? 'contact.edit' : 'contact.add')}
      okText={t('form.ok')}
      confirmLoading={create.isPending || update.isPending}
      onOk={() => form.submit()}
      onCancel={close}
      width={480}
    >
      <Form form={form} layout="vertical" initialValues={contact} onValuesChange={draft.keep} onFinish={save}>
        <Form.Item
          name="name"
          label={t('contact.name')}
          rules={[{ required: true, whitespace: true, message: t('form.required') }]}
        >
          <Input autoFocus maxLength={100} />
        </Form.Item>
        <div className="two-columns">
          {FIELDS.map((name) => (
            <Form.Item key={name} name={name} label={t(`contact.${name}`)}>
              <Input type={name === 'birthday' ? 'date' : undefined} />
            </Form.Item>
          ))}
        </div>
        <Form.Item name="note" label={t('contact.note')}>
          <Input.TextArea autoSize={{ minRows: 2, maxRows: 6 }} />
        </Form.Item>
        <Form.Item name="primary" valuePropName="checked">
          <Checkbox disabled={contact?.primary}>{t('contact.makePrimary')}</Checkbox>
        </Form.Item>
      </Form>
    </Modal>
  );
}

import { Alert, Button, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { NewPassword } from '#contracts/auth';
import { client } from '../../api/client.js';
import { useExplanation, useOperation } from '../message/useOperation.js';
import { reread, signOut } from './signing.js';
import './SignIn.css';

interface Values {
  currentPassword: string;
  newPassword: string;
  again: string;
}

/** `forced`: nothing else is open to the user before he has changed it. */
export default function ChangePassword({ forced = false, onClose }: { forced?: boolean; onClose?: () => void }) {
  const { t } = useTranslation();
  if (!forced) {
    return (
      <Modal open title={t('session.changePassword')} footer={null} onCancel={onClose} destroyOnHidden width={400}>
        <PasswordForm onDone={onClose} />
      </Modal>
    );
  }
  return (
    <main className="sign-in">
      <div className="sign-in-card">
        <h1>{t('session.changePassword')}</h1>
        <p className="quiet">{t('session.mustChange')}</p>
        <PasswordForm />
        <Button type="link" block onClick={() => void signOut()}>
          {t('session.signOut')}
        </Button>
      </div>
    </main>
  );
}

function PasswordForm({ onDone }: { onDone?: () => void }) {
  const { t } = useTranslation();
  const explain = useExplanation();
  const [form] = Form.useForm<Values>();
  const [failure, setFailure] = useState<string>();
  const change = useOperation({
    run: async ({ currentPassword, newPassword }: Values) => {
      await client.post('/me/password', { body: { currentPassword, newPassword } });
      // A new token, which knows that it is changed.
      await reread();
    },
    what: () => t('session.changePassword'),
    refreshes: [],
    onDone,
  });
  const required = { required: true, message: t('form.required') };
  const differs = (_rule: unknown, value: string) =>
    !value || value === form.getFieldValue('newPassword')
      ? Promise.resolve()
      : Promise.reject(new Error(t('session.differs')));
  const long = (_rule: unknown, value: string) =>
    !value || NewPassword.safeParse(value).success
      ? Promise.resolve()
      : Promise.reject(new Error(t('session.tooShort')));
  return (
    <Form<Values>
      form={form}
      layout="vertical"
      requiredMark={false}
      onFinish={(values) => change.mutate(values, { onError: (error) => setFailure(explain(error)) })}
    >
      <Form.Item name="currentPassword" label={t('session.currentPassword')} rules={[required]}>
        <Input.Password autoComplete="current-password" autoFocus />
      </Form.Item>
      <Form.Item name="newPassword" label={t('session.newPassword')} rules={[required, { validator: long }]}>
        <Input.Password autoComplete="new-password" />
      </Form.Item>
      <Form.Item
        name="again"
        label={t('session.again')}
        dependencies={['newPassword']}
        rules={[required, { validator: differs }]}
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
      {failure && <Alert type="error" title={failure} style={{ marginBottom: 12 }} role="alert" />}
      <Button type="primary" htmlType="submit" block loading={change.isPending}>
        {t('form.save')}
      </Button>
    </Form>
  );
}

import { Alert, Button, Form, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { LANGUAGE_NAMES, LANGUAGES, prefer, usePreferences } from '../../app/preferences.js';
import { useExplanation } from '../message/useOperation.js';
import { signIn } from './signing.js';
import './SignIn.css';

interface Credentials {
  username: string;
  password: string;
}

export default function SignIn() {
  const { t } = useTranslation();
  return (
    <main className="sign-in">
      <div className="sign-in-card">
        <img src="/seal.svg" width={44} height={44} alt="" />
        <h1>{t('app.name')}</h1>
        <p className="quiet">{t('session.welcome')}</p>
        <SignInForm />
        <Languages />
      </div>
    </main>
  );
}

function Languages() {
  const { t } = useTranslation();
  const { language } = usePreferences();
  return (
    <div className="languages" role="group" aria-label={t('app.language')}>
      {LANGUAGES.map((one) => (
        <button
          key={one}
          type="button"
          lang={one}
          aria-pressed={one === language}
          onClick={() => prefer({ language: one })}
        >
          {LANGUAGE_NAMES[one]}
        </button>
      ))}
    </div>
  );
}

/** `username`: of whoever was signed in, where he only has to come back. */
export function SignInForm({ username }: { username?: string }) {
  const { t } = useTranslation();
  const explain = useExplanation();
  const [failure, setFailure] = useState<string>();
  const [busy, setBusy] = useState(false);
  const submit = async (credentials: Credentials) => {
    setBusy(true);
    setFailure(undefined);
    await signIn(credentials.username, credentials.password).catch((error: unknown) => setFailure(explain(error)));
    setBusy(false);
  };
  return (
    <Form<Credentials>
      layout="vertical"
      size="large"
      requiredMark={false}
      initialValues={{ username }}
      onFinish={(values) => void submit(values)}
    >
      <Form.Item
        name="username"
        label={t('session.username')}
        rules={[{ required: true, message: t('form.required') }]}
      >
        <Input autoComplete="username" autoFocus={!username} />
      </Form.Item>
      <Form.Item
        name="password"
        label={t('session.password')}
        rules={[{ required: true, message: t('form.required') }]}
      >
        <Input.Password autoComplete="current-password" autoFocus={!!username} />
      </Form.Item>
      {failure && <Alert type="error" title={failure} style={{ marginBottom: 12 }} role="alert" />}
      <Button type="primary" htmlType="submit" block loading={busy}>
        {t('session.signIn')}
      </Button>
    </Form>
  );
}

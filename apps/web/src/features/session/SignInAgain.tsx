import { Button, Modal } from 'antd';
import { useTranslation } from 'react-i18next';
import { useSessionState } from '../../api/session.js';
import { SignInForm } from './SignIn.js';

/** Over the page as it stands, with all that was typed, when the session has ended. */
export default function SignInAgain() {
  const { t } = useTranslation();
  const session = useSessionState();
  if (session.phase !== 'lapsed') return null;
  return (
    <Modal open title={t('session.lapsed')} footer={null} closable={false} width={380} zIndex={2000}>
      <p className="quiet">{t('session.nothingLost')}</p>
      <SignInForm username={session.user.username} />
      <Button type="link" block onClick={() => location.assign('/')}>
        {t('session.someoneElse')}
      </Button>
    </Modal>
  );
}

import { Modal, Typography } from 'antd';
import { useTranslation } from 'react-i18next';

/** A password that was made for someone: shown this once, and changed by him at his next sign-in. */
export function FirstPassword({ name, password, onClose }: { name: string; password: string; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal
      open
      title={t('people.passwordOf', { name })}
      okText={t('form.ok')}
      cancelButtonProps={{ hidden: true }}
      onOk={onClose}
      onCancel={onClose}
      mask={{ closable: false }}
      width={380}
    >
      <Typography.Paragraph code copyable>
        {password}
      </Typography.Paragraph>
      <p className="quiet">{t('people.passwordOnce')}</p>
    </Modal>
  );
}

import { Button, Result } from 'antd';
import { useTranslation } from 'react-i18next';

/** What is shown where a page broke down. */
export function Failure() {
  const { t } = useTranslation();
  return (
    <Result
      status="warning"
      title={t('app.broken')}
      extra={<Button onClick={() => location.reload()}>{t('app.reload')}</Button>}
    />
  );
}

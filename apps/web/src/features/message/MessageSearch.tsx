import { Input } from 'antd';
import { useTranslation } from 'react-i18next';

/** What zone 3 is searched for. */
export default function MessageSearch({ sought, onSeek }: { sought: string; onSeek: (sought: string) => void }) {
  const { t } = useTranslation();
  return (
    <Input
      size="small"
      allowClear
      className="message-search"
      value={sought}
      placeholder={t('message.search')}
      aria-label={t('message.search')}
      onChange={({ target }) => onSeek(target.value)}
    />
  );
}

import { useTranslation } from 'react-i18next';
import { useLocation } from 'react-router';
import { useMessages } from './messages.js';
import { MessageLine } from './MessageLine.js';

/** On pages without the message zone: the newest message, at the bottom. */
export function LastMessage() {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const [last] = useMessages();
  if (pathname === '/customers') return null;
  return (
    <footer className="last-message no-print" role="log" aria-label={t('zone.messages')}>
      {last ? <MessageLine message={last} /> : <span className="quiet">{t('message.none')}</span>}
    </footer>
  );
}

import { ClearOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { lazy, Suspense, useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Zone } from '../../widgets/Zone.js';
import { MessageLine } from './MessageLine.js';
import './MessageZone.css';
import { clearMessages, useMessages } from './messages.js';

const MessageSearch = lazy(() => import('./MessageSearch.js'));

/** Zone 3: what was done, and what failed and why; nothing ever stands in the way of going on. */
export default function MessageZone() {
  const { t } = useTranslation();
  const messages = useMessages();
  const [sought, setSought] = useState('');
  const needle = useDeferredValue(sought.trim().toLowerCase());
  const shown = messages.filter(({ what, reason }) => `${what} ${reason ?? ''}`.toLowerCase().includes(needle));
  const extra = (
    <>
      <Suspense>
        <MessageSearch sought={sought} onSeek={setSought} />
      </Suspense>
      <Button
        size="small"
        type="text"
        icon={<ClearOutlined />}
        aria-label={t('message.clear')}
        title={t('message.clear')}
        onClick={clearMessages}
      />
    </>
  );
  return (
    <Zone number={3} title={t('zone.messages')} extra={extra}>
      <div role="log" aria-label={t('zone.messages')} tabIndex={0} className="messages">
        {shown.map((message) => (
          <MessageLine key={message.id} message={message} />
        ))}
        {shown.length === 0 && <p className="quiet messages-none">{t('message.none')}</p>}
      </div>
    </Zone>
  );
}

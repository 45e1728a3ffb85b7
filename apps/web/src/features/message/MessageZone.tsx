import { ClearOutlined } from '@ant-design/icons';
import { Button, Input } from 'antd';
import { useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Zone } from '../../widgets/Zone.js';
import { MessageLine } from './MessageLine.js';
import './MessageZone.css';
import { clearMessages, useMessages } from './messages.js';

/** Zone 3: what was done, and what failed and why; nothing ever stands in the way of going on. */
export function MessageZone() {
  const { t } = useTranslation();
  const messages = useMessages();
  const [sought, setSought] = useState('');
  const needle = useDeferredValue(sought.trim().toLowerCase());
  const shown = messages.filter(({ what, reason }) => `${what} ${reason ?? ''}`.toLowerCase().includes(needle));
  const extra = (
    <>
      <Input
        size="small"
        allowClear
        className="message-search"
        value={sought}
        placeholder={t('message.search')}
        aria-label={t('message.search')}
        onChange={({ target }) => setSought(target.value)}
      />
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

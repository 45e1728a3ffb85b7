import { CheckCircleFilled, CloseCircleFilled } from '@ant-design/icons';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Message } from './messages.js';
import { useUndo } from './useUndo.js';
import './MessageLine.css';

export function MessageLine({ message }: { message: Message }) {
  const { t, i18n } = useTranslation();
  const undo = useUndo();
  const { ok, what, reason, undone } = message;
  const at = new Intl.DateTimeFormat(i18n.language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(
    message.at,
  );
  return (
    <div className="message" data-ok={ok}>
      <span className={ok ? 'good' : 'arrears'}>
        {ok ? (
          <CheckCircleFilled aria-label={t('message.done')} />
        ) : (
          <CloseCircleFilled aria-label={t('message.failed')} />
        )}
      </span>
      <span className="message-text">
        <span className={undone ? 'message-undone' : undefined}>{what}</span>
        {reason && <span className="message-reason">{reason}</span>}
      </span>
      {message.undo && !undone && (
        <Button size="small" type="link" loading={undo.isPending} onClick={() => undo.mutate(message)}>
          {t('message.undo')}
        </Button>
      )}
      <time className="quiet" dateTime={new Date(message.at).toISOString()}>
        {at}
      </time>
    </div>
  );
}

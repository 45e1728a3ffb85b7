import { DisconnectOutlined } from '@ant-design/icons';
import { useQueryClient } from '@tanstack/react-query';
import { Tag, Tooltip } from 'antd';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { invalidator } from './invalidate.js';
import { follow, useLine } from './line.js';

/** Keeps what is shown in step with what others do, and says when it can't. */
export function LineState() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const line = useLine();
  useEffect(() => {
    const { changed, everything, stop } = invalidator(queries);
    const end = follow(changed, everything);
    return () => {
      end();
      stop();
    };
  }, [queries]);
  if (line !== 'lost') return <span className="visually-hidden" data-line={line} />;
  return (
    <Tooltip title={t('live.lostHint')}>
      <Tag color="warning" icon={<DisconnectOutlined />} role="status" data-line={line}>
        {t('live.lost')}
      </Tag>
    </Tooltip>
  );
}

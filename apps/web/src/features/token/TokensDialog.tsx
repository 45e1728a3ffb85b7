import { PlusOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Alert, Button, Modal, Typography } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiToken } from '#contracts/api-tokens';
import { useMoment } from '../../app/useMoment.js';
import { DataGrid, type Column } from '../../widgets/DataGrid.js';
import { TokenForm } from './TokenForm.js';
import './TokensDialog.css';
import { tokensQuery, useTokenOperations } from './useTokenOperations.js';

/** The user's own API tokens: made, shown this once, taken back. */
export default function TokensDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const moment = useMoment();
  const { data, isPending } = useQuery(tokensQuery);
  const [adding, setAdding] = useState(false);
  const [made, setMade] = useState<string>();
  const { revoke } = useTokenOperations();
  const columns: Column<ApiToken>[] = [
    { key: 'name', title: t('token.name'), width: 'minmax(6rem, 2fr)', render: ({ name }) => name },
    { key: 'hint', title: t('token.hint'), width: '5.5rem', render: ({ hint }) => <code>…{hint}</code> },
    { key: 'expires', title: t('token.expiresAt'), width: '8.5rem', from: 440, render: (one) => moment(one.expiresAt) },
    {
      key: 'used',
      title: t('token.lastUsedAt'),
      width: '8.5rem',
      from: 560,
      render: ({ lastUsedAt }) => (lastUsedAt ? moment(lastUsedAt) : t('token.never')),
    },
  ];
  return (
    <Modal open title={t('token.many')} footer={null} onCancel={onClose} width={640}>
      <p className="quiet">{t('token.hintOfUse')}</p>
      {made && (
        <Alert
          type="success"
          title={t('token.shownOnce')}
          description={
            <Typography.Text code copyable className="token-made">
              {made}
            </Typography.Text>
          }
        />
      )}
      <div className="token-list">
        <DataGrid
          label={t('token.many')}
          rows={data?.items ?? []}
          columns={columns}
          loading={isPending}
          empty={t('token.noneYet')}
          menu={(token) => [{ key: 'revoke', label: t('token.revoke'), danger: true, run: () => revoke.mutate(token) }]}
        />
      </div>
      {adding ? (
        <TokenForm
          onMade={(token) => {
            setMade(token);
            setAdding(false);
          }}
        />
      ) : (
        <Button icon={<PlusOutlined />} onClick={() => setAdding(true)}>
          {t('token.add')}
        </Button>
      )}
    </Modal>
  );
}

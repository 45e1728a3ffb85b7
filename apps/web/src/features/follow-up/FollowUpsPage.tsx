import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useEndless } from '../../app/useEndless.js';
import { DataGrid, type Column } from '../../widgets/DataGrid.js';
import { Panel } from '../../widgets/Panel.js';
import { Colleague } from '../user/Colleague.js';
import { useNames } from '../user/user.queries.js';
import { dueFollowUpsQuery, type DueFollowUp } from './follow-up.queries.js';

type Row = DueFollowUp & { id: string };

/** Whom to speak to again, the longest overdue first. */
export function Component() {
  const { t } = useTranslation();
  const nameOf = useNames();
  const navigate = useNavigate();
  const [ownerId, setOwnerId] = useState<string>();
  const list = useEndless(useInfiniteQuery(dueFollowUpsQuery({ ownerId })));
  const show = ({ customerId }: Row) => void navigate(`/customers?customer=${customerId}&tab=log`);
  const columns: Column<Row>[] = [
    { key: 'customer', title: t('customer.name'), width: 'minmax(8rem, 2fr)', render: (one) => one.customerName },
    { key: 'nextOn', title: t('followUpsDue.nextOn'), width: '7rem', render: (one) => one.nextOn },
    {
      key: 'overdue',
      title: t('followUpsDue.overdue'),
      width: '6.5rem',
      align: 'end',
      render: (one) => one.overdueDays,
    },
    {
      key: 'owner',
      title: t('customer.owner'),
      width: 'minmax(6rem, 1fr)',
      from: 520,
      render: (one) => nameOf(one.ownerId),
    },
    {
      key: 'said',
      title: t('followUpsDue.said'),
      width: 'minmax(8rem, 3fr)',
      from: 640,
      render: ({ followUp }) => <span title={followUp.content}>{followUp.content}</span>,
    },
  ];
  return (
    <div className="panels">
      <Panel
        title={t('page.follow-ups')}
        extra={<Colleague value={ownerId} onChange={setOwnerId} placeholder={t('customer.owner')} filter />}
      >
        <DataGrid
          label={t('page.follow-ups')}
          {...list}
          columns={columns}
          empty={t('followUpsDue.none')}
          onOpen={show}
        />
      </Panel>
    </div>
  );
}

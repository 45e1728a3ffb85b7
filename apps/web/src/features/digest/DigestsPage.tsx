import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';
import { useUser } from '../../api/session.js';
import { useMoment } from '../../app/useMoment.js';
import { useEndless } from '../../app/useEndless.js';
import { DataGrid, type Column } from '../../widgets/DataGrid.js';
import { Panel } from '../../widgets/Panel.js';
import { useNames } from '../user/user.queries.js';
import { digestsQuery, type DigestSummary } from './digest.queries.js';
import { DigestPanel, PreviewPanel } from './DigestPanel.js';
import './DigestsPage.css';
import { kindsOf } from './kinds.rules.js';
import { SubscriptionsPanel } from './SubscriptionsPanel.js';

/** The digests that were made, their subscriptions, and the one that is looked at; without one, what it would say now. */
export function Component() {
  const { t } = useTranslation();
  const { role } = useUser();
  const moment = useMoment();
  const nameOf = useNames();
  const navigate = useNavigate();
  const { digestId } = useParams();
  const list = useEndless(useInfiniteQuery(digestsQuery));
  const [kind = 'salesperson'] = kindsOf(role);
  const columns: Column<DigestSummary>[] = [
    { key: 'until', title: t('digest.until'), width: '6.5rem', render: (one) => one.periodEnd },
    {
      key: 'kind',
      title: t('digest.kind'),
      width: 'minmax(6rem, 1fr)',
      render: (one) => t(`digest.kinds.${one.kind}`),
    },
    {
      key: 'who',
      title: t('digest.recipient'),
      width: 'minmax(6rem, 1fr)',
      from: 420,
      render: (one) => nameOf(one.recipientId),
    },
    {
      key: 'sent',
      title: t('digest.sentAt'),
      width: 'minmax(7rem, 1fr)',
      render: ({ sentAt, state }) => (sentAt ? moment(sentAt) : t(`digest.states.${state}`)),
    },
  ];
  return (
    <div className="panels panels-digests">
      <SubscriptionsPanel />
      <Panel title={t('page.digests')}>
        <DataGrid
          label={t('page.digests')}
          {...list}
          columns={columns}
          empty={t('digest.none')}
          active={digestId}
          onActivate={({ id }) => void navigate(`/digests/${id}`)}
        />
      </Panel>
      <div className="panels-digest">
        {digestId ? <DigestPanel key={digestId} digestId={digestId} /> : <PreviewPanel kind={kind} />}
      </div>
    </div>
  );
}

import { PlusOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DataGrid, type Column } from '../../widgets/DataGrid.js';
import { Panel } from '../../widgets/Panel.js';
import { useNames } from '../user/user.queries.js';
import { subscriptionsQuery, type Subscription } from './digest.queries.js';
import { useSubscriptionOperations } from './useSubscriptionOperations.js';
import { weekdays } from './weekdays.js';

const SubscribeForm = lazy(() => import('./SubscribeForm.js'));

/** Which digests come by themselves, to whom and when. */
export function SubscriptionsPanel() {
  const { t, i18n } = useTranslation();
  const nameOf = useNames();
  const { data: rows = [], isPending } = useQuery(subscriptionsQuery);
  const [adding, setAdding] = useState(false);
  const { unsubscribe } = useSubscriptionOperations();
  const days = weekdays(i18n.language);
  const columns: Column<Subscription>[] = [
    {
      key: 'kind',
      title: t('digest.kind'),
      width: 'minmax(6rem, 1fr)',
      render: (one) => t(`digest.kinds.${one.kind}`),
    },
    { key: 'who', title: t('digest.recipient'), width: 'minmax(6rem, 1fr)', render: (one) => nameOf(one.userId) },
    {
      key: 'when',
      title: t('digest.frequency'),
      width: 'minmax(8rem, 1.5fr)',
      render: ({ frequency, weekday, time }) =>
        [t(`digest.frequencies.${frequency}`), days.find(({ value }) => value === weekday)?.label, time]
          .filter(Boolean)
          .join(' · '),
    },
    { key: 'zone', title: t('digest.zone'), width: '9rem', from: 560, render: (one) => one.zone },
  ];
  const add = (
    <Button size="small" type="primary" icon={<PlusOutlined />} onClick={() => setAdding(true)}>
      {t('digest.subscribe')}
    </Button>
  );
  return (
    <Panel title={t('digest.subscriptions')} extra={add}>
      <DataGrid
        label={t('digest.subscriptions')}
        rows={rows}
        columns={columns}
        loading={isPending}
        empty={t('digest.noSubscriptions')}
        menu={(one) => [
          { key: 'end', label: t('digest.unsubscribe'), danger: true, run: () => unsubscribe.mutate(one) },
        ]}
      />
      <Suspense>{adding && <SubscribeForm onClose={() => setAdding(false)} />}</Suspense>
    </Panel>
  );
}

import { useQuery } from '@tanstack/react-query';
import { Button, Segmented, Tag } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { can, relationAllows } from '#access/permissions';
import { client } from '../../api/client.js';
import { useUser } from '../../api/session.js';
import { useMoment } from '../../app/useMoment.js';
import { DataGrid, type Column } from '../../widgets/DataGrid.js';
import { useCustomer } from '../customer/customer.queries.js';
import { useCustomerActs } from '../customer/CustomerActs.js';
import { useCustomersState } from '../customer/useCustomersState.js';
import { useOperation } from '../message/useOperation.js';
import { useNames } from '../user/user.queries.js';
import { concerns, delegationsQuery, type Delegation } from './delegation.queries.js';

const HandBack = lazy(() => import('./HandBack.js'));
const COLORS: Record<Delegation['state'], string | undefined> = {
  active: 'success',
  scheduled: 'processing',
  expired: undefined,
  revoked: undefined,
};

/** Zone 8: who acts for whom, of this customer or of all; given and taken back here. */
export default function DelegationZone() {
  const { t } = useTranslation();
  const user = useUser();
  const moment = useMoment();
  const nameOf = useNames();
  const { state } = useCustomersState();
  const customer = useCustomer(state.customer).data;
  const { delegate } = useCustomerActs();
  const [every, setEvery] = useState(false);
  const [opened, setOpened] = useState<Delegation>();
  const { data = [], isPending } = useQuery({ ...delegationsQuery, enabled: can(user, 'delegations.use') });
  const revoke = useOperation({
    run: ({ id }: Delegation) =>
      client.post('/delegations/{delegationId}/revoke', { params: { path: { delegationId: id } } }),
    what: ({ delegateId }) => t('delegation.did.revoke', { name: nameOf(delegateId) }),
    refreshes: [['delegations'], ['customers'], ['log']],
  });
  const rows = every || !customer ? data : data.filter((one) => concerns(one, customer));
  const revocable = ({ state: its, ownerId }: Delegation) =>
    (its === 'active' || its === 'scheduled') &&
    (ownerId === user.id || ['manager', 'administrator'].includes(user.role));

  const columns: Column<Delegation>[] = [
    { key: 'owner', title: t('delegation.owner'), width: 'minmax(5rem, 1fr)', render: (one) => nameOf(one.ownerId) },
    {
      key: 'delegate',
      title: t('delegation.delegate'),
      width: 'minmax(5rem, 1fr)',
      render: (one) => nameOf(one.delegateId),
    },
    {
      key: 'scope',
      title: t('delegation.scope'),
      width: 'minmax(5rem, 1fr)',
      from: 560,
      render: ({ scope, customerIds }) =>
        scope === 'all' ? t('delegation.all') : t('delegation.some', { count: customerIds.length }),
    },
    { key: 'from', title: t('delegation.from'), width: '9rem', from: 700, render: (one) => moment(one.startsAt) },
    {
      key: 'until',
      title: t('delegation.until'),
      width: '9rem',
      from: 480,
      render: ({ endsAt }) => (endsAt ? moment(endsAt) : t('delegation.open')),
    },
    {
      key: 'reason',
      title: t('delegation.reason'),
      width: 'minmax(6rem, 2fr)',
      from: 760,
      render: (one) => one.reason,
    },
    {
      key: 'state',
      title: t('delegation.state'),
      width: '6rem',
      render: (one) => <Tag color={COLORS[one.state]}>{t(`delegation.states.${one.state}`)}</Tag>,
    },
  ];
  return (
    <div className="zone-content">
      <div className="zone-tools">
        <Segmented
          size="small"
          value={every}
          onChange={setEvery}
          options={[
            { value: false, label: t('delegation.ofCustomer') },
            { value: true, label: t('delegation.everything') },
          ]}
        />
        {customer && can(user, 'delegations.use') && relationAllows(customer.access, 'dispose') && (
          <Button size="small" type="primary" onClick={() => delegate([customer])}>
            {t('delegation.give')}
          </Button>
        )}
      </div>
      <DataGrid
        label={t('zone.delegation')}
        rows={rows}
        columns={columns}
        loading={isPending && can(user, 'delegations.use')}
        empty={t('delegation.none')}
        onOpen={setOpened}
        menu={(one) => [
          {
            key: 'summary',
            label: t('delegation.summary'),
            disabled: one.state === 'scheduled',
            run: () => setOpened(one),
          },
          { key: 'revoke', label: t('delegation.revoke'), disabled: !revocable(one), run: () => revoke.mutate(one) },
        ]}
      />
      <Suspense>
        {opened && (
          <HandBack delegation={opened} name={nameOf(opened.delegateId)} onClose={() => setOpened(undefined)} />
        )}
      </Suspense>
    </div>
  );
}

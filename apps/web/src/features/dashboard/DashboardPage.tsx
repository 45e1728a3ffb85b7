import { useQuery } from '@tanstack/react-query';
import { Skeleton } from 'antd';
import { lazy, Suspense, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { can } from '#access/permissions';
import { useUser } from '../../api/session.js';
import { Panel } from '../../widgets/Panel.js';
import { arrearsSummaryQuery, BUCKETS } from '../receivable/receivable.queries.js';
import { columns, funnel, type Bar } from './bars.rules.js';
import { funnelQuery, newCustomersQuery, salesQuery } from './dashboard.queries.js';
import './DashboardPage.css';

const Chart = lazy(() => import('./Chart.js'));

/** The whole at a glance, of the customers that the user sees. */
export function Component() {
  const user = useUser();
  return (
    <div className="panels panels-dashboard">
      {can(user, 'statistics.read') && <FunnelChart />}
      {can(user, 'statistics.read') && <NewCustomersChart />}
      {can(user, 'arrears.read') && <SalesChart />}
      {can(user, 'arrears.read') && <AgeingChart />}
    </div>
  );
}

function FunnelChart() {
  const { t } = useTranslation();
  const items = useQuery(funnelQuery).data?.items;
  const bars = useMemo(() => items?.map(({ name, count, color }) => ({ name, value: count, color })), [items]);
  return <Bars title={t('dashboard.funnel')} bars={bars} draw={funnel} />;
}

function NewCustomersChart() {
  const { t } = useTranslation();
  const items = useQuery(newCustomersQuery).data?.items;
  const bars = useMemo(() => items?.map(({ month, count }) => ({ name: month, value: count })), [items]);
  return <Bars title={t('dashboard.newCustomers')} bars={bars} draw={columns} />;
}

function SalesChart() {
  const { t } = useTranslation();
  const sales = useQuery(salesQuery).data;
  // A drawn length: the only place where an amount becomes a float.
  const bars = useMemo(
    () => sales?.months.map(({ month, amount }) => ({ name: month, value: Number(amount) })),
    [sales],
  );
  return <Bars title={t('dashboard.sales', { currency: sales?.currency ?? '' })} bars={bars} draw={columns} />;
}

function AgeingChart() {
  const { t } = useTranslation();
  const summary = useQuery(arrearsSummaryQuery).data;
  const bars = useMemo(
    () =>
      summary &&
      BUCKETS.map((bucket) => ({ name: t(`receivable.buckets.${bucket}`), value: Number(summary.buckets[bucket]) })),
    [summary, t],
  );
  return <Bars title={t('receivable.ageing')} bars={bars} draw={columns} />;
}

function Bars({ title, bars, draw }: { title: string; bars: Bar[] | undefined; draw: typeof columns }) {
  const option = useMemo(() => bars && draw(bars), [bars, draw]);
  return (
    <Panel title={title}>
      <Suspense fallback={<Skeleton active className="panel-padded" />}>
        {option && <Chart option={option} label={title} />}
      </Suspense>
    </Panel>
  );
}

import { Alert, Descriptions } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useMoney } from '../../app/useMoney.js';
import { BUCKETS } from '../receivable/receivable.queries.js';
import type { DigestContent } from './digest.queries.js';

const CHANGES = ['new', 'worse', 'cured'] as const;
/** The fees that a digest counts, and the span by which the page of fees knows them. */
const AHEAD = { d30: 'P30D', d60: 'P60D', d90: 'P90D' } as const;

/** What a digest says: the arrears by age, what has changed, who owes most, and the fees that fall due. */
export function Content({ content }: { content: DigestContent }) {
  const { t } = useTranslation();
  const money = useMoney();
  const { summary, changes, topDebtors, serviceFees, followUps } = content;
  const arrears = (more: Record<string, string> = {}) =>
    `/receivables?${new URLSearchParams({ asOf: summary.asOf, ...more })}`;
  const part = ({ count, amount }: { count: number; amount: string }) => `${count} · ${money(amount)}`;
  return (
    <div className="panel-padded digest">
      <Descriptions
        size="small"
        bordered
        column={1}
        title={t('digest.arrears', { on: summary.asOf, currency: summary.currency })}
        items={[
          {
            key: 'total',
            label: t('receivable.total', { customers: summary.customers }),
            children: <Link to={arrears()}>{money(summary.total)}</Link>,
          },
          ...BUCKETS.map((bucket) => ({
            key: bucket,
            label: t(`receivable.buckets.${bucket}`),
            children: <Link to={arrears({ bucket })}>{money(summary.buckets[bucket])}</Link>,
          })),
        ]}
      />
      <Descriptions
        size="small"
        bordered
        column={1}
        title={t('digest.changed')}
        items={CHANGES.map((key) => ({ key, label: t(`digest.changes.${key}`), children: part(changes[key]) }))}
      />
      <Descriptions
        size="small"
        bordered
        column={1}
        title={t('digest.topDebtors')}
        items={topDebtors.map((one) => ({
          key: one.customerId,
          label: <Link to={`/customers?customer=${one.customerId}&tab=purchases`}>{one.customerName}</Link>,
          children: money(one.balance),
        }))}
      />
      <Descriptions
        size="small"
        bordered
        column={1}
        title={t('digest.serviceFees')}
        items={(['d30', 'd60', 'd90'] as const).map((key) => ({
          key,
          label: t(`digest.ahead.${key}`),
          children: <Link to={`/receivables?within=${AHEAD[key]}`}>{part(serviceFees[key])}</Link>,
        }))}
      />
      {followUps === null && <Alert type="warning" title={t('digest.followUpsMissing')} />}
      {followUps && (
        <Descriptions
          size="small"
          bordered
          column={1}
          title={<Link to="/follow-ups">{t('digest.followUps', { count: followUps.count })}</Link>}
          items={followUps.items.map((one) => ({
            key: one.customerId,
            label: <Link to={`/customers?customer=${one.customerId}&tab=log`}>{one.customerName}</Link>,
            children: one.nextOn,
          }))}
        />
      )}
    </div>
  );
}

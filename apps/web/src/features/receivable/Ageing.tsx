import type { components } from '#client/schema';
import { useTranslation } from 'react-i18next';
import { useMoney } from '../../app/useMoney.js';
import './Ageing.css';
import { BUCKETS, type Bucket } from './receivable.queries.js';

/** The sums by age; each is a filter of the list below. */
export function Ageing({
  summary,
  chosen,
  onChoose,
}: {
  summary: components['schemas']['ArrearsSummary'];
  chosen: Bucket | undefined;
  onChoose: (bucket: Bucket | undefined) => void;
}) {
  const { t } = useTranslation();
  const money = useMoney();
  const cell = (bucket: Bucket | undefined, label: string, amount: string) => (
    <button key={label} type="button" aria-pressed={chosen === bucket} onClick={() => onChoose(bucket)}>
      <span className="quiet">{label}</span>
      <b className={bucket && bucket !== 'notDue' && amount !== '0.00' ? 'number arrears' : 'number'}>
        {money(amount)}
      </b>
    </button>
  );
  return (
    <div className="ageing" role="group" aria-label={t('receivable.ageing')}>
      {cell(undefined, t('receivable.total', { customers: summary.customers }), summary.total)}
      {BUCKETS.map((bucket) => cell(bucket, t(`receivable.buckets.${bucket}`), summary.buckets[bucket]))}
    </div>
  );
}

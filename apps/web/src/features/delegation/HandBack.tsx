import { useQuery } from '@tanstack/react-query';
import { Modal, Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import { client } from '../../api/client.js';
import { useCustomersState } from '../customer/useCustomersState.js';
import type { Delegation } from './delegation.queries.js';
import './HandBack.css';

/** What the delegate did meanwhile: what the owner reads when he is back. */
export default function HandBack({
  delegation: { id },
  name,
  onClose,
}: {
  delegation: Delegation;
  /** The delegate's. */
  name: string;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const { set } = useCustomersState();
  const { data: summary } = useQuery({
    queryKey: ['delegations', 'summary', id],
    queryFn: ({ signal }) =>
      client.get('/delegations/{delegationId}/summary', { params: { path: { delegationId: id } }, signal }),
    // It grows while the delegation lasts.
    staleTime: 0,
  });
  const show = (customer: string) => {
    set({ customer, tab: 'log' });
    onClose();
  };
  return (
    <Modal open title={t('delegation.doneBy', { name })} footer={null} onCancel={onClose} width={520}>
      {!summary && <Skeleton active />}
      {summary?.entries === 0 && <p className="quiet">{t('delegation.nothingDone')}</p>}
      {summary && summary.entries > 0 && (
        <div className="hand-back">
          <ul aria-label={t('delegation.entries', { count: summary.entries })}>
            {summary.counts.map(({ resource, action, count }) => (
              <li key={`${resource} ${action}`}>
                {t(`log.resources.${resource as 'customer'}`, { defaultValue: resource })}{' '}
                {t(`log.actions.${action as 'created'}`, { defaultValue: action })} <b className="number">{count}</b>
              </li>
            ))}
          </ul>
          <ul aria-label={t('page.customers')}>
            {summary.customers.map(({ customerId, name: customer, entries }) => (
              <li key={customerId}>
                <button type="button" className="hand-back-customer" onClick={() => show(customerId)}>
                  {customer}
                </button>{' '}
                <b className="number">{entries}</b>
              </li>
            ))}
          </ul>
        </div>
      )}
    </Modal>
  );
}

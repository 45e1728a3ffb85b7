import { useInfiniteQuery } from '@tanstack/react-query';
import { Button, Segmented, Tag } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { can, relationAllows } from '#access/permissions';
import { useUser } from '../../api/session.js';
import { useMoment } from '../../app/useMoment.js';
import { useCustomer, type Customer } from '../customer/customer.queries.js';
import { NoCustomer } from '../customer/NoCustomer.js';
import { useCustomersState } from '../customer/useCustomersState.js';
import { FollowUpForm } from './FollowUpForm.js';
import { logQuery, type LogEntry } from './log.queries.js';
import './LogZone.css';
import { useTold } from './useTold.js';

/** Zone 5: what was done to the chosen customer, and what was said with him. */
export default function LogZone() {
  const { state } = useCustomersState();
  const customer = useCustomer(state.customer).data;
  return customer ? <Log key={customer.id} customer={customer} /> : <NoCustomer />;
}

function Log({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  const user = useUser();
  const [kind, setKind] = useState<LogEntry['kind'] | 'all'>('all');
  const list = useInfiniteQuery(logQuery(customer.id, kind === 'all' ? undefined : kind));
  const entries = list.data?.pages.flatMap((page) => page.items) ?? [];
  const edits = can(user, 'customers.write') && relationAllows(customer.access, 'edit');
  return (
    <div className="zone-content">
      <div className="zone-tools">
        <Segmented
          size="small"
          value={kind}
          onChange={setKind}
          options={(['all', 'follow-up', 'operation'] as const).map((value) => ({
            value,
            label: t(`log.kinds.${value}`),
          }))}
        />
      </div>
      {edits && <FollowUpForm customerId={customer.id} />}
      <ol className="log" aria-label={t('zone.log')} tabIndex={0}>
        {entries.map((entry) => (
          <Entry key={entry.id} entry={entry} />
        ))}
        {entries.length === 0 && !list.isPending && <li className="quiet">{t('log.none')}</li>}
        {list.hasNextPage && (
          <li>
            <Button size="small" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
              {t('log.more')}
            </Button>
          </li>
        )}
      </ol>
    </div>
  );
}

function Entry({ entry }: { entry: LogEntry }) {
  const { t } = useTranslation();
  const moment = useMoment();
  const { at, followUp, byName, forName, action, resource } = entry;
  const what = useTold()(entry);
  const who = forName ? t('log.for', { by: byName, for: forName }) : (byName ?? t('log.system'));
  return (
    <li>
      <time className="quiet" dateTime={at}>
        {moment(followUp?.occurredAt ?? at)}
      </time>
      <span className="log-who">{who}</span>
      <span className="log-what">
        {followUp ? (
          <>
            <Tag color="processing">{t(`followUp.kinds.${followUp.kind}`)}</Tag>
            {followUp.content}
            {followUp.nextOn && <span className="quiet"> · {t('log.next', { on: followUp.nextOn })}</span>}
          </>
        ) : (
          <>
            {t(`log.resources.${resource as 'customer'}`, { defaultValue: resource })}{' '}
            {t(`log.actions.${action as 'created'}`, { defaultValue: action })}
            {what && <span className="quiet"> · {what}</span>}
          </>
        )}
      </span>
    </li>
  );
}

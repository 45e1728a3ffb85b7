import { PlusOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button, Tag } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { can, relationAllows } from '#access/permissions';
import { useUser } from '../../api/session.js';
import { useMoney } from '../../app/useMoney.js';
import { DataGrid, type Column } from '../../widgets/DataGrid.js';
import { useCustomer, type Customer } from '../customer/customer.queries.js';
import { NoCustomer } from '../customer/NoCustomer.js';
import { useCustomersState } from '../customer/useCustomersState.js';
import { quotesQuery, type Quote } from './quote.queries.js';
import { useQuoteOperations } from './useQuoteOperations.js';

const QuoteForm = lazy(() => import('./QuoteForm.js'));
const COLORS: Partial<Record<Quote['state'], string>> = {
  sent: 'processing',
  accepted: 'success',
  rejected: 'error',
  expired: 'warning',
  converted: 'success',
};

/** Zone 6: the prices that the chosen customer was once offered. */
export default function QuoteZone() {
  const { state } = useCustomersState();
  const customer = useCustomer(state.customer).data;
  return customer ? <Quotes key={customer.id} customer={customer} /> : <NoCustomer />;
}

function Quotes({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  const user = useUser();
  const money = useMoney();
  const [opened, setOpened] = useState<{ quote?: Quote }>();
  const { data = [], isPending } = useQuery(quotesQuery(customer.id));
  const { convert, remove } = useQuoteOperations();
  const edits = can(user, 'quotes.write') && relationAllows(customer.access, 'edit');
  const columns: Column<Quote>[] = [
    { key: 'number', title: t('quote.number'), width: 'minmax(7rem, 1fr)', render: ({ number }) => number },
    { key: 'quotedOn', title: t('quote.quotedOn'), width: '6.5rem', from: 420, render: (one) => one.quotedOn },
    { key: 'validUntil', title: t('quote.validUntil'), width: '6.5rem', from: 620, render: (one) => one.validUntil },
    {
      key: 'lines',
      title: t('quote.lines'),
      width: 'minmax(8rem, 3fr)',
      from: 540,
      render: ({ lines }) => lines.map((line) => line.description).join(', '),
    },
    {
      key: 'total',
      title: t('quote.total'),
      width: 'minmax(6rem, 1fr)',
      align: 'end',
      render: ({ total }) => money(total),
    },
    {
      key: 'state',
      title: t('quote.state'),
      width: '6.5rem',
      render: ({ state }) => <Tag color={COLORS[state]}>{t(`quote.states.${state}`)}</Tag>,
    },
  ];
  return (
    <div className="zone-content">
      {edits && (
        <div className="zone-tools">
          <Button size="small" type="primary" icon={<PlusOutlined />} onClick={() => setOpened({})}>
            {t('quote.add')}
          </Button>
        </div>
      )}
      <DataGrid
        label={t('zone.quotes')}
        rows={data}
        columns={columns}
        loading={isPending}
        empty={t('quote.none')}
        onOpen={(quote) => setOpened({ quote })}
        menu={(quote) => {
          const settled = quote.state === 'converted';
          return [
            { key: 'edit', label: t(edits && !settled ? 'quote.edit' : 'quote.show'), run: () => setOpened({ quote }) },
            {
              key: 'convert',
              label: t('quote.convert'),
              disabled: !edits || settled,
              run: () => convert.mutate(quote),
            },
            {
              key: 'delete',
              label: t('form.delete'),
              danger: true,
              disabled: !edits || settled,
              run: () => remove.mutate(quote),
            },
          ];
        }}
      />
      <Suspense>
        {opened && (
          <QuoteForm
            customerId={customer.id}
            quote={opened.quote}
            readOnly={!edits || opened.quote?.state === 'converted'}
            onClose={() => setOpened(undefined)}
          />
        )}
      </Suspense>
    </div>
  );
}

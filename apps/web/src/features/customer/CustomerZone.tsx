import { useInfiniteQuery } from '@tanstack/react-query';
import { Input } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DataGrid } from '../../widgets/DataGrid.js';
import { Zone } from '../../widgets/Zone.js';
import { useStatuses } from '../status/status.queries.js';
import { customerColumns } from './customer.columns.js';
import { customersQuery, filterOf } from './customer.queries.js';
import { useCustomerActs } from './CustomerActs.js';
import { useCustomersState } from './useCustomersState.js';

/** Zone 2: the customers of the chosen status; choosing one fills zones 4 to 8. */
export function CustomerZone() {
  const { t } = useTranslation();
  const { state, set } = useCustomersState();
  const acts = useCustomerActs();
  const statuses = useStatuses();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const list = useInfiniteQuery(customersQuery(filterOf(state)));
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data]);
  const columns = useMemo(() => customerColumns(t, statuses), [t, statuses]);
  const extra = (
    <Input.Search
      size="small"
      allowClear
      className="customer-search"
      defaultValue={state.q}
      placeholder={t('customer.search')}
      aria-label={t('customer.search')}
      onSearch={(q) => set({ q: q || undefined })}
    />
  );
  return (
    <Zone number={2} title={t('zone.customers')} extra={extra}>
      <DataGrid
        label={t('zone.customers')}
        rows={rows}
        columns={columns}
        loading={list.isPending}
        active={state.customer}
        onActivate={({ id }) => set({ customer: id })}
        onOpen={acts.edit}
        onDelete={(row) => acts.remove([row])}
        menu={(row) =>
          acts.menuOf(
            row,
            rows.filter(({ id }) => selected.has(id)),
          )
        }
        selected={selected}
        onSelect={setSelected}
        sort={state.sort ?? '-createdOn'}
        onSort={(sort) => set({ sort })}
        onEnd={() => {
          if (list.hasNextPage && !list.isFetchingNextPage) void list.fetchNextPage();
        }}
      />
    </Zone>
  );
}

import { useInfiniteQuery } from '@tanstack/react-query';
import { PrinterOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { lazy, Suspense, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useEndless } from '../../app/useEndless.js';
import { DataGrid } from '../../widgets/DataGrid.js';
import { Zone } from '../../widgets/Zone.js';
import { useListExport } from '../export/useListExport.js';
import { useStatuses } from '../status/status.queries.js';
import { customerColumns } from './customer.columns.js';
import { customersQuery, filterOf } from './customer.queries.js';
import { useCustomerActs } from './CustomerActs.js';
import { useCustomersState } from './useCustomersState.js';
import { useSelection } from './useSelection.js';

// What the list itself doesn't need comes a moment later.
const BulkBar = lazy(() => import('./BulkBar.js'));
const CustomerSearch = lazy(() => import('./CustomerSearch.js'));
const CustomerFilters = lazy(() => import('./CustomerFilters.js'));
const SavedViews = lazy(() => import('./SavedViews.js'));

/** Zone 2: the customers of the chosen status; choosing one fills zones 4 to 8. */
export function CustomerZone() {
  const { t } = useTranslation();
  const { state, set } = useCustomersState();
  const acts = useCustomerActs();
  const statuses = useStatuses();
  const filter = filterOf(state);
  const exportList = useListExport('customers', filter);
  const list = useEndless(useInfiniteQuery(customersQuery(filter)));
  const { ids, select, selection } = useSelection(list, JSON.stringify({ ...filter, sort: undefined }));
  const columns = useMemo(() => customerColumns(t, statuses), [t, statuses]);
  const extra = (
    <>
      <Suspense>
        <CustomerSearch />
        <CustomerFilters />
        <SavedViews />
      </Suspense>
      <Button
        size="small"
        icon={<PrinterOutlined />}
        aria-label={t('customer.printList')}
        title={t('customer.printList')}
        onClick={() => exportList.mutate('html')}
      />
    </>
  );
  return (
    <Zone number={2} title={t('zone.customers')} extra={extra}>
      <div className="zone-content">
        <Suspense>{ids.size > 1 && <BulkBar selection={selection} />}</Suspense>
        <DataGrid
          label={t('zone.customers')}
          {...list}
          columns={columns}
          empty={t('customer.none')}
          active={state.customer}
          onActivate={({ id }) => set({ customer: id })}
          onOpen={acts.edit}
          onDelete={(row) => acts.remove([row])}
          menu={(row) => acts.menuOf(row, selection)}
          selected={ids}
          onSelect={select}
          sort={state.sort ?? '-createdOn'}
          onSort={(sort) => set({ sort })}
        />
      </div>
    </Zone>
  );
}

import { createContext, lazy, Suspense, useContext, useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { can, relationAllows, type Relation } from '#access/permissions';
import { useUser } from '../../api/session.js';
import type { MenuCommand } from '../../widgets/ContextMenu.js';
import { useListExport } from '../export/useListExport.js';
import { filterOf, type Customer } from './customer.queries.js';
import { usePrintCard } from './usePrintCard.js';
import { useCustomerOperations } from './useCustomerOperations.js';
import { useCustomersState } from './useCustomersState.js';
import type { Selection } from './useSelection.js';

const CustomerForm = lazy(() => import('./CustomerForm.js'));
const TransferForm = lazy(() => import('../transfer/TransferForm.js'));
const DelegateForm = lazy(() => import('../delegation/DelegateForm.js'));

interface Acts {
  /** What the user may do with this customer, as commands of a menu; with those that are selected if he is one of them. */
  menuOf: (customer: Customer, selection: Selection<Customer>) => MenuCommand[];
  edit: (customer: Customer) => void;
  remove: (customers: Customer[]) => void;
  /** `onDone`: they are another's then. */
  transfer: (customers: Customer[], onDone?: () => void) => void;
  delegate: (customers: Customer[]) => void;
}
const Context = createContext<Acts | undefined>(undefined);

/** What can be done with customers, wherever they are shown. */
export function useCustomerActs(): Acts {
  const acts = useContext(Context);
  if (!acts) throw new Error('Outside of CustomerActs');
  return acts;
}

/** Offers the acts and shows their dialogs. */
export function CustomerActs({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const user = useUser();
  const { state, set } = useCustomersState();
  const { remove, restore } = useCustomerOperations();
  const exportList = useListExport('customers', filterOf(state));
  const printCard = usePrintCard();
  const [opened, setOpened] = useState<{
    dialog: 'transfer' | 'delegate';
    customers: Customer[];
    onDone?: () => void;
  }>();
  const acts = useMemo<Acts>(() => {
    const may = (customer: Customer, relation: Relation) => relationAllows(customer.access, relation);
    const edit = ({ id }: Customer) => set({ edit: id });
    const transfer = (customers: Customer[], onDone?: () => void) =>
      setOpened({ dialog: 'transfer', customers, onDone });
    const delegate = (customers: Customer[]) => setOpened({ dialog: 'delegate', customers });
    const menuOf = (customer: Customer, { rows, clear }: Selection<Customer>): MenuCommand[] => {
      const isSelected = rows.includes(customer);
      const these = isSelected ? rows : [customer];
      /** They leave the list: none of them is selected any longer. */
      const leave = isSelected ? clear : undefined;
      const each = (operation: { mutate: (one: Customer) => void }) => {
        these.forEach((one) => operation.mutate(one));
        leave?.();
      };
      const writes = can(user, 'customers.write');
      if (customer.deletedAt) {
        return [{ key: 'restore', label: t('customer.restore'), run: () => each(restore) }];
      }
      const unless = (relation: Relation) => ({ disabled: !these.every((one) => may(one, relation)) });
      const counted = (label: string) => (these.length > 1 ? `${label} (${these.length})` : label);
      const own: MenuCommand[] = [
        {
          key: 'delete',
          label: counted(t('customer.delete')),
          danger: true,
          ...unless('own'),
          run: () => each(remove),
        },
        { key: 'export', label: t('customer.export'), apart: true, run: () => exportList.mutate('xlsx') },
        { key: 'print', label: t('customer.print'), ...unless('export'), run: () => printCard.mutate(customer) },
        {
          key: 'transfer',
          label: counted(t('customer.transfer')),
          apart: true,
          ...unless('dispose'),
          run: () => transfer(these, leave),
        },
        { key: 'delegate', label: counted(t('customer.delegate')), ...unless('dispose'), run: () => delegate(these) },
      ];
      return [
        { key: 'edit', label: t(writes ? 'customer.edit' : 'customer.show'), run: () => edit(customer) },
        ...(writes ? [{ key: 'create', label: t('customer.create'), run: () => set({ create: '' }) }, ...own] : []),
      ];
    };
    return {
      edit,
      transfer,
      delegate,
      menuOf,
      remove: (customers) => customers.filter((one) => may(one, 'own')).forEach((one) => remove.mutate(one)),
    };
  }, [t, user, set, remove, restore, exportList, printCard]);
  const close = () => setOpened(undefined);
  return (
    <Context value={acts}>
      {children}
      <Suspense>
        {(state.create !== undefined || state.edit !== undefined) && (
          <CustomerForm
            editId={state.edit}
            statusId={state.create}
            onClose={(saved) => set({ create: undefined, edit: undefined, ...(saved && { customer: saved.id }) })}
          />
        )}
        {opened?.dialog === 'transfer' && <TransferForm {...opened} onClose={close} />}
        {opened?.dialog === 'delegate' && <DelegateForm {...opened} onClose={close} />}
      </Suspense>
    </Context>
  );
}

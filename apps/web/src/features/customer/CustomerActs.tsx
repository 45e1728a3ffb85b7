import { createContext, useContext, useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { can, relationAllows, type Relation } from '#access/permissions';
import { useUser } from '../../api/session.js';
import type { MenuCommand } from '../../widgets/ContextMenu.js';
import type { Customer } from './customer.queries.js';
import { useCustomerOperations } from './useCustomerOperations.js';
import { useCustomersState } from './useCustomersState.js';

interface Acts {
  /** What the user may do with this customer, as commands of a menu; with those that are selected if he is one of them. */
  menuOf: (customer: Customer, selected: Customer[]) => MenuCommand[];
  edit: (customer: Customer) => void;
  remove: (customers: Customer[]) => void;
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
  const { set } = useCustomersState();
  const { remove, restore } = useCustomerOperations();
  const acts = useMemo<Acts>(() => {
    const may = (customer: Customer, relation: Relation) => relationAllows(customer.access.via, relation);
    const edit = ({ id }: Customer) => set({ edit: id });
    return {
      edit,
      remove: (customers) => customers.filter((one) => may(one, 'own')).forEach((one) => remove.mutate(one)),
      menuOf(customer, selected) {
        const these = selected.includes(customer) ? selected : [customer];
        const writes = can(user, 'customers.write');
        if (customer.deletedAt) {
          return [
            { key: 'restore', label: t('customer.restore'), run: () => these.forEach((one) => restore.mutate(one)) },
          ];
        }
        const own = these.every((one) => may(one, 'own'));
        return [
          { key: 'edit', label: t(writes ? 'customer.edit' : 'customer.show'), run: () => edit(customer) },
          ...(writes ? [{ key: 'create', label: t('customer.create'), run: () => set({ create: '' }) }] : []),
          ...(writes
            ? [
                {
                  key: 'delete',
                  label: t('customer.delete', { count: these.length }),
                  danger: true,
                  apart: true,
                  disabled: !own,
                  run: () => these.forEach((one) => remove.mutate(one)),
                },
              ]
            : []),
        ];
      },
    };
  }, [t, user, set, remove, restore]);
  return <Context value={acts}>{children}</Context>;
}

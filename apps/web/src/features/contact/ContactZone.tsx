import { PlusOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button, Tag } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { can, relationAllows } from '#access/permissions';
import { useUser } from '../../api/session.js';
import { DataGrid, type Column } from '../../widgets/DataGrid.js';
import { useCustomer, type Customer } from '../customer/customer.queries.js';
import { NoCustomer } from '../customer/NoCustomer.js';
import { useCustomersState } from '../customer/useCustomersState.js';
import { contactsQuery, type Contact } from './contact.queries.js';
import { useContactOperations } from './useContactOperations.js';

const ContactForm = lazy(() => import('./ContactForm.js'));

/** Zone 4: the people at the chosen customer. */
export default function ContactZone() {
  const { state } = useCustomersState();
  const customer = useCustomer(state.customer).data;
  return customer ? <Contacts key={customer.id} customer={customer} /> : <NoCustomer />;
}

function Contacts({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  const user = useUser();
  const [opened, setOpened] = useState<{ contact?: Contact }>();
  const { data = [], isPending } = useQuery(contactsQuery(customer.id));
  const { update, remove } = useContactOperations();
  const edits = can(user, 'customers.write') && relationAllows(customer.access, 'edit');
  const columns: Column<Contact>[] = [
    {
      key: 'name',
      title: t('contact.name'),
      width: 'minmax(7rem, 1.4fr)',
      render: ({ name, primary }) => (
        <>
          {name} {primary && <Tag color="processing">{t('contact.primary')}</Tag>}
        </>
      ),
    },
    { key: 'title', title: t('contact.title'), width: 'minmax(4rem, 1fr)', from: 420, render: (one) => one.title },
    { key: 'phone', title: t('contact.phone'), width: 'minmax(6rem, 1fr)', from: 700, render: (one) => one.phone },
    { key: 'mobile', title: t('contact.mobile'), width: 'minmax(6.5rem, 1fr)', render: (one) => one.mobile },
    { key: 'email', title: t('contact.email'), width: 'minmax(7rem, 1.4fr)', from: 560, render: (one) => one.email },
    { key: 'wechat', title: t('contact.wechat'), width: 'minmax(5rem, 1fr)', from: 800, render: (one) => one.wechat },
    { key: 'birthday', title: t('contact.birthday'), width: '6.5rem', from: 900, render: (one) => one.birthday },
    { key: 'note', title: t('contact.note'), width: 'minmax(5rem, 1.6fr)', from: 980, render: (one) => one.note },
  ];
  return (
    <div className="zone-content">
      {edits && (
        <div className="zone-tools">
          <Button size="small" type="primary" icon={<PlusOutlined />} onClick={() => setOpened({})}>
            {t('contact.add')}
          </Button>
        </div>
      )}
      <DataGrid
        label={t('zone.contacts')}
        rows={data}
        columns={columns}
        loading={isPending}
        empty={t('contact.none')}
        onOpen={(contact) => edits && setOpened({ contact })}
        onDelete={(contact) => edits && remove.mutate(contact)}
        menu={
          edits
            ? (contact) => [
                { key: 'edit', label: t('contact.edit'), run: () => setOpened({ contact }) },
                {
                  key: 'primary',
                  label: t('contact.makePrimary'),
                  disabled: contact.primary,
                  run: () => update.mutate({ contact, patch: { primary: true } }),
                },
                {
                  key: 'delete',
                  label: t('form.delete'),
                  danger: true,
                  apart: true,
                  run: () => remove.mutate(contact),
                },
              ]
            : undefined
        }
      />
      <Suspense>
        {opened && (
          <ContactForm customerId={customer.id} contact={opened.contact} onClose={() => setOpened(undefined)} />
        )}
      </Suspense>
    </div>
  );
}

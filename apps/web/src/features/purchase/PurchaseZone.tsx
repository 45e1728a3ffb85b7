import { BellOutlined, PlusOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button, Checkbox, Tag } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { can, relationAllows } from '#access/permissions';
import { useUser } from '../../api/session.js';
import { useMoney } from '../../app/useMoney.js';
import { useToday } from '../../app/useToday.js';
import { DataGrid, type Column } from '../../widgets/DataGrid.js';
import { useKept } from '../../widgets/useKept.js';
import { useCustomer, type Customer } from '../customer/customer.queries.js';
import { NoCustomer } from '../customer/NoCustomer.js';
import { useCustomersState } from '../customer/useCustomersState.js';
import { sumOf } from './amounts.rules.js';
import { lineOf, type NewLine } from './newLine.js';
import { NewPurchases } from './NewPurchases.js';
import { purchasesQuery, type Purchase } from './purchase.queries.js';

const ProductChooser = lazy(() => import('../product/ProductChooser.js'));
const Payments = lazy(() => import('./Payments.js'));
const PurchaseForm = lazy(() => import('./PurchaseForm.js'));
const VoidForm = lazy(() => import('./VoidForm.js'));
const RenewalForm = lazy(() => import('./RenewalForm.js'));
type Opened = { dialog: 'chooser' } | { dialog: 'payments' | 'edit' | 'void' | 'renew'; purchase: Purchase };

/** Zone 7: what the chosen customer bought, what is paid, and what isn't. */
export default function PurchaseZone() {
  const { state } = useCustomersState();
  const customer = useCustomer(state.customer).data;
  return customer ? <Purchases key={customer.id} customer={customer} /> : <NoCustomer />;
}

function Purchases({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  const user = useUser();
  const money = useMoney();
  const today = useToday();
  const [voided, setVoided] = useState(false);
  const [opened, setOpened] = useState<Opened>();
  const [lines, setLines] = useKept<NewLine[]>(`${user.id}.purchases.${customer.id}`, []);
  const { data = [], isPending } = useQuery(purchasesQuery(customer.id, voided));
  const edits = can(user, 'purchases.write') && relationAllows(customer.access, 'edit');
  const books = can(user, 'payments.write') && relationAllows(customer.access, 'money');
  const owed = sumOf(data.filter(({ voidedOn }) => !voidedOn).map(({ balance }) => balance));

  const columns: Column<Purchase>[] = [
    {
      key: 'product',
      title: t('purchase.product'),
      width: 'minmax(8rem, 2.4fr)',
      render: (one) => <span title={one.productName}>{one.productName}</span>,
    },
    {
      key: 'quantity',
      title: t('purchase.quantity'),
      width: 'minmax(4.5rem, 0.8fr)',
      align: 'end',
      from: 480,
      render: (one) => `${one.quantity} ${one.unit}`,
    },
    {
      key: 'guide',
      title: t('purchase.guidePrice'),
      width: 'minmax(5.5rem, 1fr)',
      align: 'end',
      from: 900,
      render: (one) => money(one.guidePrice),
    },
    {
      key: 'price',
      title: t('purchase.unitPrice'),
      width: 'minmax(5.5rem, 1fr)',
      align: 'end',
      from: 620,
      render: (one) => money(one.unitPrice),
    },
    {
      key: 'payable',
      title: t('purchase.payable'),
      width: 'minmax(5.5rem, 1fr)',
      align: 'end',
      from: 560,
      render: (one) => money(one.payable),
    },
    {
      key: 'paid',
      title: t('purchase.paid'),
      width: 'minmax(5.5rem, 1fr)',
      align: 'end',
      from: 680,
      render: (one) => money(one.paid),
    },
    {
      key: 'balance',
      title: t('purchase.balance'),
      width: 'minmax(10rem, 1.4fr)',
      align: 'end',
      render: (one) => <Balance purchase={one} />,
    },
    { key: 'soldOn', title: t('purchase.soldOn'), width: '6.5rem', from: 760, render: (one) => one.soldOn },
    { key: 'dueOn', title: t('purchase.dueOn'), width: '6.5rem', from: 1000, render: (one) => one.dueOn },
    {
      key: 'service',
      title: t('purchase.serviceEndsOn'),
      width: '8rem',
      from: 860,
      render: (one) => <Service purchase={one} />,
    },
  ];
  const close = () => setOpened(undefined);
  return (
    <div className="zone-content">
      <div className="zone-tools">
        {edits && (
          <Button size="small" type="primary" icon={<PlusOutlined />} onClick={() => setOpened({ dialog: 'chooser' })}>
            {t('purchase.add')}
          </Button>
        )}
        <Checkbox checked={voided} onChange={({ target }) => setVoided(target.checked)}>
          {t('purchase.showVoided')}
        </Checkbox>
        <span className="bar-space" />
        <span>
          {t('purchase.owed')} <b className={owed === '0.00' ? 'number' : 'number arrears'}>{money(owed)}</b>
        </span>
      </div>
      {lines.length > 0 && <NewPurchases customerId={customer.id} lines={lines} onChange={setLines} />}
      <DataGrid
        label={t('zone.purchases')}
        rows={data}
        columns={columns}
        loading={isPending}
        empty={t('purchase.none')}
        rowClass={({ voidedOn }) => (voidedOn ? 'is-void' : undefined)}
        onOpen={(purchase) => setOpened({ dialog: 'payments', purchase })}
        menu={(purchase) => {
          const gone = purchase.voidedOn !== undefined;
          const item = (dialog: 'payments' | 'edit' | 'void' | 'renew', disabled: boolean) => ({
            key: dialog,
            label: t(`purchase.menu.${dialog}`),
            disabled,
            danger: dialog === 'void',
            run: () => setOpened({ dialog, purchase }),
          });
          return [
            item('payments', false),
            item('edit', gone || !edits),
            item('renew', gone || !books || !edits || !purchase.annualFee || !purchase.serviceEndsOn),
            item('void', gone || !edits),
          ];
        }}
      />
      <Suspense>
        {opened?.dialog === 'chooser' && (
          <ProductChooser
            onClose={close}
            onChoose={(products) => setLines([...lines, ...products.map((product) => lineOf(product, today))])}
          />
        )}
        {opened?.dialog === 'payments' && (
          <Payments
            purchase={data.find(({ id }) => id === opened.purchase.id) ?? opened.purchase}
            mayBook={books}
            onClose={close}
          />
        )}
        {opened?.dialog === 'edit' && <PurchaseForm purchase={opened.purchase} onClose={close} />}
        {opened?.dialog === 'void' && <VoidForm purchase={opened.purchase} onClose={close} />}
        {opened?.dialog === 'renew' && <RenewalForm purchase={opened.purchase} onClose={close} />}
      </Suspense>
    </div>
  );
}

/** What is still owed; arrears are marked, not only coloured. */
function Balance({ purchase: { balance, inArrears, voidedOn } }: { purchase: Purchase }) {
  const { t } = useTranslation();
  const money = useMoney();
  if (voidedOn) return <Tag>{t('purchase.voided')}</Tag>;
  if (!inArrears) return money(balance);
  return (
    <span className="arrears" data-arrears>
      <Tag color="error">{t('purchase.arrears')}</Tag> {money(balance)}
    </span>
  );
}

function Service({ purchase: { serviceEndsOn, remind } }: { purchase: Purchase }) {
  const { t } = useTranslation();
  if (!serviceEndsOn) return null;
  return (
    <span title={remind ? t('purchase.remind') : undefined}>
      {serviceEndsOn} {remind && <BellOutlined aria-label={t('purchase.remind')} />}
    </span>
  );
}

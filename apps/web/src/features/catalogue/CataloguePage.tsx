import { PlusOutlined } from '@ant-design/icons';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Button, Checkbox, Input, Tag } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { can } from '#access/permissions';
import { useUser } from '../../api/session.js';
import { useMoney } from '../../app/useMoney.js';
import { useEndless } from '../../app/useEndless.js';
import { DataGrid, type Column } from '../../widgets/DataGrid.js';
import { Panel } from '../../widgets/Panel.js';
import { useDebounced } from '../../widgets/useDebounced.js';
import { categoriesQuery, productsQuery, type Product } from '../product/product.queries.js';
import { CategoryPanel } from './CategoryPanel.js';
import { useCatalogueOperations, type Category } from './useCatalogueOperations.js';

const ProductForm = lazy(() => import('./ProductForm.js'));
const NONE: Category[] = [];

/** The catalogue: everybody reads it, the administrator keeps it. */
export function Component() {
  const { t } = useTranslation();
  const money = useMoney();
  const manages = can(useUser(), 'products.manage');
  const [categoryId, setCategory] = useState<string>();
  const [sought, setSought] = useState('');
  const [inactive, setInactive] = useState(false);
  const [opened, setOpened] = useState<{ product?: Product }>();
  const q = useDebounced(sought.trim(), 250) || undefined;
  const categories = useQuery(categoriesQuery).data?.items ?? NONE;
  const list = useEndless(useInfiniteQuery(productsQuery({ categoryId, q, ...(!inactive && { active: true }) })));
  const { updateProduct, removeProduct } = useCatalogueOperations();
  const columns: Column<Product>[] = [
    { key: 'code', title: t('product.code'), width: 'minmax(5rem, 1fr)', from: 420, render: ({ code }) => code },
    {
      key: 'name',
      title: t('product.name'),
      width: 'minmax(8rem, 3fr)',
      render: ({ name }) => <span title={name}>{name}</span>,
    },
    {
      key: 'category',
      title: t('product.category'),
      width: 'minmax(5rem, 1fr)',
      from: 640,
      render: (one) => one.categoryName,
    },
    {
      key: 'kind',
      title: t('catalogue.kind'),
      width: '5rem',
      from: 760,
      render: ({ kind }) => t(`catalogue.kinds.${kind}`),
    },
    { key: 'unit', title: t('product.unit'), width: '4rem', from: 480, render: ({ unit }) => unit },
    {
      key: 'price',
      title: t('product.guidePrice'),
      width: 'minmax(5.5rem, 1fr)',
      align: 'end',
      render: (one) => money(one.guidePrice),
    },
    {
      key: 'fee',
      title: t('purchase.annualFee'),
      width: 'minmax(5.5rem, 1fr)',
      align: 'end',
      from: 860,
      render: (one) => money(one.annualFee),
    },
    {
      key: 'active',
      title: t('catalogue.state'),
      width: '6rem',
      from: 560,
      render: ({ active }) => <Tag>{t(active ? 'catalogue.active' : 'catalogue.inactive')}</Tag>,
    },
  ];
  const menu = (product: Product) => [
    { key: 'edit', label: t('catalogue.edit'), run: () => setOpened({ product }) },
    {
      key: 'active',
      label: t(product.active ? 'catalogue.retire' : 'catalogue.revive'),
      run: () => updateProduct.mutate({ product, patch: { active: !product.active } }),
    },
    {
      key: 'delete',
      label: t('catalogue.delete'),
      danger: true,
      apart: true,
      run: () => removeProduct.mutate(product),
    },
  ];
  const tools = (
    <>
      <Input
        size="small"
        allowClear
        style={{ width: 200 }}
        value={sought}
        placeholder={t('product.search')}
        aria-label={t('product.search')}
        onChange={({ target }) => setSought(target.value)}
      />
      <Checkbox checked={inactive} onChange={({ target }) => setInactive(target.checked)}>
        {t('catalogue.showInactive')}
      </Checkbox>
      {manages && (
        <Button size="small" type="primary" icon={<PlusOutlined />} onClick={() => setOpened({})}>
          {t('catalogue.add')}
        </Button>
      )}
    </>
  );
  return (
    <div className="panels panels-beside">
      <CategoryPanel categories={categories} chosen={categoryId} onChoose={setCategory} manages={manages} />
      <Panel title={t('page.products')} extra={tools}>
        <DataGrid
          label={t('product.list')}
          {...list}
          columns={columns}
          menu={manages ? menu : undefined}
          onOpen={manages ? (product) => setOpened({ product }) : undefined}
        />
      </Panel>
      <Suspense>
        {opened && (
          <ProductForm
            {...opened}
            categoryId={categoryId}
            categories={categories}
            onClose={() => setOpened(undefined)}
          />
        )}
      </Suspense>
    </div>
  );
}

import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Input, Modal, Tree } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMoney } from '../../app/useMoney.js';
import { useEndless } from '../../app/useEndless.js';
import { DataGrid, type Column } from '../../widgets/DataGrid.js';
import { useDebounced } from '../../widgets/useDebounced.js';
import { categoriesQuery, productsQuery, type Product } from './product.queries.js';
import './ProductChooser.css';
import { treeOf } from './tree.rules.js';

const ALL = 'all';

/** The catalogue by category and keyword; several are chosen with Ctrl or Shift, and OK adds all of them. */
export default function ProductChooser({
  onChoose,
  onClose,
}: {
  onChoose: (products: Product[]) => void;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const money = useMoney();
  const [categoryId, setCategory] = useState<string>();
  const [sought, setSought] = useState('');
  const q = useDebounced(sought.trim(), 250) || undefined;
  const categories = useQuery(categoriesQuery).data?.items;
  const list = useEndless(useInfiniteQuery(productsQuery({ categoryId, q, active: true })));
  const { rows } = list;
  /** What is chosen stays so when one looks into another category. */
  const [chosen, setChosen] = useState<ReadonlyMap<string, Product>>(new Map());
  const select = (ids: ReadonlySet<string>) => {
    const next = new Map([...chosen].filter(([id]) => ids.has(id)));
    for (const row of rows) if (ids.has(row.id)) next.set(row.id, row);
    setChosen(next);
  };
  const choose = (products: Product[]) => {
    onClose();
    onChoose(products);
  };
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
      from: 560,
      render: (one) => one.categoryName,
    },
    { key: 'unit', title: t('product.unit'), width: '4rem', from: 420, render: ({ unit }) => unit },
    {
      key: 'price',
      title: t('product.guidePrice'),
      width: 'minmax(5.5rem, 1fr)',
      align: 'end',
      render: (one) => money(one.guidePrice),
    },
  ];
  const nodes = useMemo(
    () => [{ key: ALL, title: t('product.all'), children: treeOf(categories ?? []) }],
    [categories, t],
  );
  return (
    <Modal
      open
      className="product-chooser"
      title={t('product.chooseTitle')}
      okText={t('product.add', { count: chosen.size })}
      okButtonProps={{ disabled: chosen.size === 0 }}
      onOk={() => choose([...chosen.values()])}
      onCancel={onClose}
      width={860}
      style={{ top: 48 }}
    >
      <div className="chooser">
        <nav className="chooser-tree" aria-label={t('product.categories')}>
          {categories && (
            <Tree
              blockNode
              defaultExpandedKeys={[ALL]}
              selectedKeys={[categoryId ?? ALL]}
              treeData={nodes}
              onSelect={([key]) => setCategory(key === undefined || key === ALL ? undefined : String(key))}
            />
          )}
        </nav>
        <div className="chooser-list">
          <Input
            allowClear
            autoFocus
            value={sought}
            placeholder={t('product.search')}
            aria-label={t('product.search')}
            onChange={({ target }) => setSought(target.value)}
          />
          <DataGrid
            label={t('product.list')}
            {...list}
            columns={columns}
            selected={new Set(chosen.keys())}
            onSelect={select}
            onActivate={(row) => setChosen(new Map([[row.id, row]]))}
            onOpen={(row) => choose([row])}
          />
          <p className="quiet chooser-hint">{t('product.hint')}</p>
        </div>
      </div>
    </Modal>
  );
}

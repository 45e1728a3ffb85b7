import { DeleteOutlined, EditOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Tree } from 'antd';
import { lazy, Suspense, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Panel } from '../../widgets/Panel.js';
import { treeOf } from '../product/tree.rules.js';
import { useCatalogueOperations, type Category } from './useCatalogueOperations.js';

const CategoryForm = lazy(() => import('./CategoryForm.js'));
const ALL = 'all';

/** The tree of categories; the chosen one filters the products, and is what its commands are about. */
export function CategoryPanel({
  categories,
  chosen,
  onChoose,
  manages,
}: {
  categories: Category[];
  chosen: string | undefined;
  onChoose: (categoryId: string | undefined) => void;
  manages: boolean;
}) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState<{ category?: Category }>();
  const { removeCategory } = useCatalogueOperations();
  const current = categories.find(({ id }) => id === chosen);
  const nodes = useMemo(() => [{ key: ALL, title: t('product.all'), children: treeOf(categories) }], [categories, t]);
  const commands = manages && (
    <>
      <Button
        size="small"
        icon={<PlusOutlined />}
        aria-label={t('catalogue.addCategory')}
        title={t('catalogue.addCategory')}
        onClick={() => setOpened({})}
      />
      <Button
        size="small"
        icon={<EditOutlined />}
        disabled={!current}
        aria-label={t('catalogue.editCategory')}
        title={t('catalogue.editCategory')}
        onClick={() => setOpened({ category: current })}
      />
      <Button
        size="small"
        danger
        icon={<DeleteOutlined />}
        disabled={!current}
        aria-label={t('catalogue.deleteCategory')}
        title={t('catalogue.deleteCategory')}
        onClick={() => current && removeCategory.mutate(current, { onSuccess: () => onChoose(undefined) })}
      />
    </>
  );
  return (
    <Panel title={t('product.categories')} extra={commands}>
      {categories.length > 0 && (
        <Tree
          blockNode
          defaultExpandAll
          selectedKeys={[chosen ?? ALL]}
          treeData={nodes}
          onSelect={([key]) => onChoose(key === undefined || key === ALL ? undefined : String(key))}
        />
      )}
      <Suspense>
        {opened && (
          <CategoryForm {...opened} parentId={chosen} categories={categories} onClose={() => setOpened(undefined)} />
        )}
      </Suspense>
    </Panel>
  );
}

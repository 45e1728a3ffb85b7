import { useTranslation } from 'react-i18next';
import { ifMatch } from '#client/headers';
import type { components } from '#client/schema';
import { client } from '../../api/client.js';
import { useOperation } from '../message/useOperation.js';
import type { Product } from '../product/product.queries.js';

type Schemas = components['schemas'];
export type Category = Schemas['ProductCategory'];

/** Changes of the catalogue; what was sold keeps the name and the price of its day. */
export function useCatalogueOperations() {
  const { t } = useTranslation();
  const refreshes = [['products'], ['product-categories']];
  return {
    createProduct: useOperation({
      run: (body: Schemas['NewProduct']) => client.post('/products', { body }),
      what: ({ name }) => t('catalogue.did.create', { name }),
      refreshes,
    }),
    updateProduct: useOperation({
      run: ({ product, patch }: { product: Product; patch: Schemas['ProductPatch'] }) =>
        client.patch('/products/{productId}', {
          params: { path: { productId: product.id }, header: ifMatch(product.version) },
          body: patch,
        }),
      what: ({ product }) => t('catalogue.did.edit', { name: product.name }),
      refreshes,
    }),
    removeProduct: useOperation({
      run: ({ id, version }: Product) =>
        client.delete('/products/{productId}', { params: { path: { productId: id }, header: ifMatch(version) } }),
      what: ({ name }) => t('catalogue.did.delete', { name }),
      refreshes,
    }),
    createCategory: useOperation({
      run: (body: Schemas['NewProductCategory']) => client.post('/product-categories', { body }),
      what: ({ name }) => t('catalogue.did.createCategory', { name }),
      refreshes,
    }),
    updateCategory: useOperation({
      run: ({ category, patch }: { category: Category; patch: Schemas['ProductCategoryPatch'] }) =>
        client.patch('/product-categories/{categoryId}', {
          params: { path: { categoryId: category.id }, header: ifMatch(category.version) },
          body: patch,
        }),
      what: ({ category }) => t('catalogue.did.editCategory', { name: category.name }),
      refreshes,
    }),
    removeCategory: useOperation({
      run: ({ id, version }: Category) =>
        client.delete('/product-categories/{categoryId}', {
          params: { path: { categoryId: id }, header: ifMatch(version) },
        }),
      what: ({ name }) => t('catalogue.did.deleteCategory', { name }),
      refreshes,
    }),
  };
}

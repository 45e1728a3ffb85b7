import type { z } from 'zod';
import * as sales from '#contracts/sales';
import { database, on, refusal, startSales, type Sales } from './fixture.js';

let it_: Sales;
beforeAll(async () => (it_ = await startSales(await database())));
afterAll(() => it_?.close());

const category = (name: string, parentId?: string) =>
  it_.ask(sales.createProductCategory, { name, parentId }, { as: it_.admin });
const arrange = (categoryId: string, patch: z.input<typeof sales.ProductCategoryPatch>, ifMatch: number | '*' = '*') =>
  it_.ask(sales.updateProductCategory, { categoryId, patch }, { as: it_.admin, ifMatch });
const drop = (categoryId: string) => it_.ask(sales.deleteProductCategory, { categoryId }, { as: it_.admin });
const list = async (query: z.input<typeof sales.ProductQuery>) =>
  (await it_.ask(sales.listProducts, query, { as: it_.anna })).items.map(({ code }) => code);

describe('categories', () => {
  it('are a tree with different names side by side, told apart by more than the script [S1]', async () => {
    const top = await category('通信服務');
    const below = await category('年费', top.id);
    expect(await refusal(category('通信服务'))).toBe('conflict/name-taken');
    expect(await refusal(category('年費', top.id))).toBe('conflict/name-taken');
    await category('年费');
    expect(await refusal(category('x', crypto.randomUUID()))).toBe('invalid/validation /parentId');
    const { items } = await it_.ask(sales.listProductCategories, {}, { as: it_.anna });
    expect(items).toContainEqual({ ...below, parentId: top.id });
  });

  it('never come below themselves, also when two are moved at once', async () => {
    const [a, b] = [await category('a'), await category('b')];
    const c = await category('c', b.id);
    expect(await refusal(arrange(b.id, { parentId: c.id }))).toBe('rule-violated/category-cycle /parentId');
    expect(await refusal(arrange(b.id, { parentId: b.id }))).toBe('rule-violated/category-cycle /parentId');
    const outcomes = await Promise.all([
      refusal(arrange(a.id, { parentId: c.id })),
      refusal(arrange(b.id, { parentId: a.id })),
    ]);
    expect(outcomes.filter((outcome) => outcome.includes('category-cycle'))).toHaveLength(1);
  });

  it('make room for one that moves', async () => {
    const top = await category('order');
    const [first, second, third] = [
      await category('1', top.id),
      await category('2', top.id),
      await category('3', top.id),
    ];
    await arrange(third.id, { position: 0 });
    const { items } = await it_.ask(sales.listProductCategories, {}, { as: it_.anna });
    const names = items.filter(({ parentId }) => parentId === top.id).map(({ id }) => id);
    expect(names).toEqual([third.id, first.id, second.id]);
  });

  it('are changed by whoever knows how they stand, and deleted when they are empty', async () => {
    const top = await category('to be deleted');
    const below = await category('x', top.id);
    expect(await refusal(arrange(top.id, { name: 'y' }, 7))).toBe('precondition-failed/stale-version');
    expect(await refusal(drop(top.id))).toBe('rule-violated/category-in-use');
    const product = await it_.product({ categoryId: below.id });
    expect(await refusal(drop(below.id))).toBe('rule-violated/category-in-use');
    await it_.ask(sales.deleteProduct, { productId: product.id }, { as: it_.admin });
    await drop(below.id);
    expect(await drop(top.id)).toEqual({});
    expect(await refusal(drop(top.id))).toBe('not-found/not-found');
  });
});

describe('products', () => {
  it('have a code of their own, however it is written', async () => {
    const product = await it_.product({ code: 'Ｂ-服務', guidePrice: '1.5', annualFee: '3' });
    expect(product).toMatchObject({ code: 'Ｂ-服務', guidePrice: '1.50', annualFee: '3.00', active: true, version: 1 });
    expect(await refusal(it_.product({ code: 'b-服务' }))).toBe('conflict/code-taken');
    expect(await refusal(it_.product({ categoryId: crypto.randomUUID() }))).toBe('invalid/validation /categoryId');
    const other = await it_.product();
    const patch = { code: 'B-服务' };
    const editing = it_.ask(sales.updateProduct, { productId: other.id, patch }, { as: it_.admin, ifMatch: '*' });
    expect(await refusal(editing)).toBe('conflict/code-taken');
  });

  it('are found by category with all below it, and by any script of code and name [S2]', async () => {
    const top = await category('找');
    const below = await category('找下', top.id);
    await it_.product({ code: 'K1', name: '電話交換機', categoryId: top.id });
    await it_.product({ code: 'K2', name: '电话线 100%', categoryId: below.id });
    await it_.product({ code: 'K3', name: '网线', categoryId: below.id, active: false });
    expect(await list({ categoryId: top.id })).toEqual(['K1', 'K2', 'K3']);
    expect(await list({ categoryId: below.id })).toEqual(['K2', 'K3']);
    expect(await list({ q: '電話' })).toEqual(['K1', 'K2']);
    expect(await list({ q: 'k2 電' })).toEqual(['K2']);
    expect(await list({ q: '0%' })).toEqual(['K2']);
    expect(await list({ q: '%电' })).toEqual([]);
    expect(await list({ categoryId: top.id, active: 'false' })).toEqual(['K3']);
    const [first] = (await it_.ask(sales.listProducts, { q: 'K3' }, { as: it_.anna })).items;
    expect(first).toMatchObject({ categoryName: '找下' });
  });

  it('come page by page, with a cursor that fits its own list alone', async () => {
    for (const code of ['P1', 'P2', 'P3']) await it_.product({ code, name: 'paged' });
    const first = await it_.ask(sales.listProducts, { q: 'paged', limit: 2 }, { as: it_.anna });
    const cursor = first.nextCursor!;
    const second = await it_.ask(sales.listProducts, { q: 'paged', limit: 2, cursor }, { as: it_.anna });
    expect([first, second].map(({ items }) => items.map(({ code }) => code))).toEqual([['P1', 'P2'], ['P3']]);
    expect(second.nextCursor).toBeNull();
    const elsewhere = it_.ask(sales.listProducts, { q: 'other', cursor }, { as: it_.anna });
    expect(await refusal(elsewhere)).toBe('invalid/validation ?cursor');
  });

  it('are edited at the version that one knows, and what was sold keeps its price', async () => {
    const product = await it_.product({ annualFee: '5', serviceMonths: 12 });
    const customer = it_.customer(it_.anna);
    const purchases = [{ productId: product.id, quantity: '1' }];
    const bought = await it_.ask(sales.createPurchases, { customerId: customer.id, purchases }, on(it_.anna, customer));
    const patch = { guidePrice: '99', annualFee: null, active: false };
    const edit = (ifMatch: number) =>
      it_.ask(sales.updateProduct, { productId: product.id, patch }, { as: it_.admin, ifMatch });
    expect(await refusal(edit(2))).toBe('precondition-failed/stale-version');
    const edited = await edit(1);
    expect(edited).toMatchObject({ guidePrice: '99.00', serviceMonths: 12, active: false, version: 2 });
    expect(edited.annualFee).toBeUndefined();
    const purchaseId = bought.items[0]!.id;
    const kept = await it_.ask(sales.getPurchase, { customerId: customer.id, purchaseId }, on(it_.anna, customer));
    expect(kept).toMatchObject({ guidePrice: '60.00', annualFee: '5.00' });
    const deleting = it_.ask(sales.deleteProduct, { productId: product.id }, { as: it_.admin });
    expect(await refusal(deleting)).toBe('rule-violated/product-in-use');
  });

  it('are kept by the administrator alone [S3]', async () => {
    const product = { code: 'mine', name: 'x', unit: 'x', guidePrice: '1', kind: 'goods' as const };
    for (const who of [it_.anna, it_.finance]) {
      expect(await refusal(it_.ask(sales.createProduct, product, { as: who }))).toBe('forbidden/forbidden');
      expect(await refusal(it_.ask(sales.createProductCategory, { name: 'x' }, { as: who }))).toBe(
        'forbidden/forbidden',
      );
    }
  });
});

import { Body, Controller, Delete, Get, Param, Patch, Post } from '@nestjs/common';
import type { z } from 'zod';
import * as sales from '#contracts/sales';
import { Backend } from '../edge/backend.js';
import { From, type Caller } from '../edge/caller.js';
import { Route, V1 } from '../edge/route.js';

@Controller(`${V1}/product-categories`)
export class CategoryController {
  constructor(private readonly backend: Backend) {}

  @Get()
  @Route({
    access: 'products.read',
    output: sales.listProductCategories.output,
    summary: 'List the categories of products, a tree',
  })
  list(@From() caller: Caller) {
    return this.backend.pass(sales.listProductCategories, {}, caller);
  }

  @Post()
  @Route({
    access: 'products.manage',
    body: sales.NewProductCategory,
    output: sales.ProductCategory,
    status: 201,
    summary: 'Create a category',
  })
  create(@Body() body: z.input<typeof sales.NewProductCategory>, @From() caller: Caller) {
    return this.backend.pass(sales.createProductCategory, body, caller);
  }

  @Patch(':categoryId')
  @Route({
    access: 'products.manage',
    body: sales.ProductCategoryPatch,
    output: sales.ProductCategory,
    summary: 'Rename or move a category',
  })
  update(
    @Param('categoryId') categoryId: string,
    @Body() patch: z.input<typeof sales.ProductCategoryPatch>,
    @From() caller: Caller,
  ) {
    return this.backend.pass(sales.updateProductCategory, { categoryId, patch }, caller);
  }

  @Delete(':categoryId')
  @Route({ access: 'products.manage', summary: 'Delete an empty category' })
  delete(@Param('categoryId') categoryId: string, @From() caller: Caller) {
    return this.backend.pass(sales.deleteProductCategory, { categoryId }, caller);
  }
}

import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import type { z } from 'zod';
import * as sales from '#contracts/sales';
import { Backend } from '../edge/backend.js';
import { From, type Caller } from '../edge/caller.js';
import { Route, V1 } from '../edge/route.js';

@Controller(`${V1}/products`)
export class ProductController {
  constructor(private readonly backend: Backend) {}

  @Get()
  @Route({
    access: 'products.read',
    query: sales.ProductQuery,
    output: sales.listProducts.output,
    summary: 'Search the catalogue by category and keyword',
  })
  list(@Query() query: z.input<typeof sales.ProductQuery>, @From() caller: Caller) {
    return this.backend.pass(sales.listProducts, query, caller);
  }

  @Post()
  @Route({
    access: 'products.manage',
    body: sales.NewProduct,
    output: sales.Product,
    status: 201,
    summary: 'Create a product',
  })
  create(@Body() body: z.input<typeof sales.NewProduct>, @From() caller: Caller) {
    return this.backend.pass(sales.createProduct, body, caller);
  }

  @Get(':productId')
  @Route({ access: 'products.read', output: sales.Product, summary: 'Show a product' })
  get(@Param('productId') productId: string, @From() caller: Caller) {
    return this.backend.pass(sales.getProduct, { productId }, caller);
  }

  @Patch(':productId')
  @Route({ access: 'products.manage', body: sales.ProductPatch, output: sales.Product, summary: 'Edit a product' })
  update(
    @Param('productId') productId: string,
    @Body() patch: z.input<typeof sales.ProductPatch>,
    @From() caller: Caller,
  ) {
    return this.backend.pass(sales.updateProduct, { productId, patch }, caller);
  }

  @Delete(':productId')
  @Route({ access: 'products.manage', summary: 'Delete a product that was never sold' })
  delete(@Param('productId') productId: string, @From() caller: Caller) {
    return this.backend.pass(sales.deleteProduct, { productId }, caller);
  }
}

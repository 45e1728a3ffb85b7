import { Controller } from '@nestjs/common';
import type { z } from 'zod';
import * as sales from '#contracts/sales';
import { Call, Handles, Input } from '#messaging/handles';
import { ProductService } from './product.service.js';

@Controller()
export class ProductHandlers {
  constructor(private readonly products: ProductService) {}

  @Handles(sales.listProducts)
  list(@Call() call: Call, @Input() query: z.output<typeof sales.listProducts.input>) {
    return this.products.list(call, query);
  }

  @Handles(sales.createProduct)
  create(@Call() call: Call, @Input() input: z.output<typeof sales.createProduct.input>) {
    return this.products.create(call, input);
  }

  @Handles(sales.getProduct)
  get(@Call() call: Call, @Input() { productId }: z.output<typeof sales.getProduct.input>) {
    return this.products.get(call, productId);
  }

  @Handles(sales.updateProduct)
  update(@Call() call: Call, @Input() input: z.output<typeof sales.updateProduct.input>) {
    return this.products.update(call, input);
  }

  @Handles(sales.deleteProduct)
  delete(@Call() call: Call, @Input() { productId }: z.output<typeof sales.deleteProduct.input>) {
    return this.products.delete(call, productId);
  }
}

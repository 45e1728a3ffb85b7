import { Controller } from '@nestjs/common';
import type { z } from 'zod';
import * as sales from '#contracts/sales';
import { Call, Handles, Input } from '#messaging/handles';
import { CategoryService } from './category.service.js';

@Controller()
export class CategoryHandlers {
  constructor(private readonly categories: CategoryService) {}

  @Handles(sales.listProductCategories)
  list(@Call() call: Call) {
    return this.categories.list(call);
  }

  @Handles(sales.createProductCategory)
  create(@Call() call: Call, @Input() input: z.output<typeof sales.createProductCategory.input>) {
    return this.categories.create(call, input);
  }

  @Handles(sales.updateProductCategory)
  update(@Call() call: Call, @Input() input: z.output<typeof sales.updateProductCategory.input>) {
    return this.categories.update(call, input);
  }

  @Handles(sales.deleteProductCategory)
  delete(@Call() call: Call, @Input() { categoryId }: z.output<typeof sales.deleteProductCategory.input>) {
    return this.categories.delete(call, categoryId);
  }
}

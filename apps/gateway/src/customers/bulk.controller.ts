import { Body, Controller, Post } from '@nestjs/common';
import { z } from 'zod';
import { BulkEdit, editCustomers } from '#contracts/bulk';
import { Id } from '#contracts/common';
import { AppError } from '#contracts/errors';
import { Backend } from '../edge/backend.js';
import { From, type Caller } from '../edge/caller.js';
import { Route, V1 } from '../edge/route.js';
import { problemOf } from '../problems/problem.js';
import { Problem } from '../problems/problem.schema.js';

/** A result for each customer named, with the problem of one that failed. */
export const BulkResults = z.object({
  results: z.array(z.object({ customerId: Id, ok: z.boolean(), problem: Problem.optional() })),
  succeeded: z.int(),
  failed: z.int(),
});

@Controller(`${V1}/customers/bulk`)
export class BulkController {
  constructor(private readonly backend: Backend) {}

  @Post()
  @Route({
    access: 'customers.write',
    body: BulkEdit,
    output: BulkResults,
    summary: 'Set a status, or add or remove a tag, of many customers, each for itself',
  })
  async edit(@Body() body: z.input<typeof BulkEdit>, @From() caller: Caller) {
    const { results, ...counts } = await this.backend.ask(editCustomers, body, caller);
    return {
      results: results.map(({ error, ...result }) => ({
        ...result,
        ...(error && { problem: problemOf(AppError.from(error), caller.language).body }),
      })),
      ...counts,
    };
  }
}

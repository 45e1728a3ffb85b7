import { Controller, Get, Param, Post, Query, Req, StreamableFile } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { AppError } from '#contracts/errors';
import { Import, customersImports, salesImports, type ImportKind } from '#contracts/imports';
import type { Permission } from '#access/permissions';
import { Backend } from '../edge/backend.js';
import { From, type Caller } from '../edge/caller.js';
import { Route, V1 } from '../edge/route.js';
import { worded } from '../problems/faults.js';
import { faultsCsv } from './faults-csv.js';
import { Uploads } from './uploads.js';

export const ImportOptions = z.strictObject({ dryRun: z.stringbool().optional() });
type ImportOptions = z.input<typeof ImportOptions>;

/** A file comes in, becomes a job, and is not answered for before that. */
const UploadRoute = (kind: ImportKind, access: Permission) =>
  Route({
    access,
    query: ImportOptions,
    file: 'file',
    output: Import,
    status: 202,
    location: `${V1}/imports/{id}`,
    summary: `Import ${kind} from a CSV or XLSX file`,
  });

@Controller(`${V1}/imports`)
export class ImportController {
  constructor(
    private readonly backend: Backend,
    private readonly uploads: Uploads,
  ) {}

  @Post('customers')
  @UploadRoute('customers', 'customers.import')
  customers(@Query() query: ImportOptions, @Req() request: FastifyRequest, @From() caller: Caller) {
    return this.uploads.receive('customers', isDryRun(query), request, caller);
  }

  @Post('products')
  @UploadRoute('products', 'products.manage')
  products(@Query() query: ImportOptions, @Req() request: FastifyRequest, @From() caller: Caller) {
    return this.uploads.receive('products', isDryRun(query), request, caller);
  }

  @Post('purchases')
  @UploadRoute('purchases', 'purchases.write')
  purchases(@Query() query: ImportOptions, @Req() request: FastifyRequest, @From() caller: Caller) {
    return this.uploads.receive('purchases', isDryRun(query), request, caller);
  }

  @Post('payments')
  @UploadRoute('payments', 'payments.write')
  payments(@Query() query: ImportOptions, @Req() request: FastifyRequest, @From() caller: Caller) {
    return this.uploads.receive('payments', isDryRun(query), request, caller);
  }

  @Get(':importId')
  @Route({ access: 'session.use', output: Import, summary: 'How an import stands' })
  async get(@Param('importId') importId: string, @From() caller: Caller) {
    const found = await whoeverHasIt((owner) => this.backend.ask(owner.get, { importId }, caller));
    const [errors, warnings] = [found.errors, found.warnings].map((faults) =>
      faults.map((fault) => worded(fault, caller.language)),
    );
    return { ...found, errors, warnings };
  }

  @Get(':importId/errors.csv')
  @Route({ access: 'session.use', mediaType: 'text/csv', summary: 'The faulty rows, to be mended' })
  async errors(@Param('importId') importId: string, @From() caller: Caller) {
    const [owner, first] = await whoeverHasIt(
      async (owner) => [owner, await this.backend.ask(owner.faults, { importId }, caller)] as const,
    );
    // The file may be long: each page has its own time.
    const next = (afterRow: number) =>
      this.backend.ask(owner.faults, { importId, afterRow }, { ...caller, deadline: Infinity });
    return new StreamableFile(faultsCsv(first, next, caller.language), {
      type: 'text/csv; charset=utf-8',
      disposition: `attachment; filename="import-${importId}-errors.csv"`,
    });
  }
}

const isDryRun = ({ dryRun }: ImportOptions): boolean => dryRun !== undefined && z.stringbool().parse(dryRun);

/** An id doesn't tell whose import it is. Errors: `not-found` if both say so; else the one that isn't that. */
async function whoeverHasIt<T>(ask: (owner: typeof customersImports | typeof salesImports) => Promise<T>): Promise<T> {
  const answers = await Promise.allSettled([ask(customersImports), ask(salesImports)]);
  const found = answers.find((answer) => answer.status === 'fulfilled');
  if (found) return found.value;
  const reasons = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason as unknown] : []));
  throw reasons.find((reason) => !(reason instanceof AppError && reason.kind === 'not-found')) ?? reasons[0];
}

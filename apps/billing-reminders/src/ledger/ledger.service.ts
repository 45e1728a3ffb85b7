import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { Page } from '#contracts/common';
import type { Actor } from '#contracts/context';
import type { LedgerPurchase, listLedgerPurchases } from '#contracts/ledger';
import { byDateAndId, decodeCursor, pageOf } from '#platform/cursor';
import { fold } from '#text/fold';
import { ScopeService } from '../scope/scope.service.js';
import { LedgerRepository, type LedgerRow } from './ledger.repository.js';

/** What was sold, across customers. */
@Injectable()
export class LedgerService {
  constructor(
    private readonly ledger: LedgerRepository,
    private readonly scopes: ScopeService,
  ) {}

  async list(
    { userId }: Actor,
    { scope, limit, cursor, ...filter }: z.output<typeof listLedgerPurchases.input>,
  ): Promise<Page<LedgerPurchase>> {
    const binding = { actorId: userId, filter };
    const after = decodeCursor(binding, cursor, byDateAndId);
    const { q, ...rest } = filter;
    const text = q === undefined ? undefined : fold(q);
    const rows = await this.scopes.readOnce(scope, (tx) =>
      this.ledger.page(tx, scope, { ...rest, text, after, limit: limit + 1 }),
    );
    const page = pageOf(rows, limit, binding, ({ soldOn, purchaseId }) => [soldOn, purchaseId]);
    return { ...page, items: page.items.map(viewOf) };
  }
}

const viewOf = ({ annualFee, serviceEndsOn, ...row }: LedgerRow): LedgerPurchase => ({
  ...row,
  ...(annualFee !== null && { annualFee }),
  ...(serviceEndsOn !== null && { serviceEndsOn }),
});

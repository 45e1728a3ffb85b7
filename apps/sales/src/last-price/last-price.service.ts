import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { z } from 'zod';
import type { listLastPrices } from '#contracts/quotes';
import type { Call } from '#messaging/handles';
import { assertGrant } from '#platform/rights';
import { LastPriceRepository } from './last-price.repository.js';

@Injectable()
export class LastPriceService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly prices: LastPriceRepository,
  ) {}

  async list(
    call: Call,
    { customerId, productId }: z.output<typeof listLastPrices.input>,
  ): Promise<z.output<typeof listLastPrices.output>> {
    assertGrant(call, customerId, 'quotes.read', 'read');
    return { items: await this.prices.find(this.dataSource.manager, customerId, productId), nextCursor: null };
  }
}

import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { DigestContent, DigestKind } from '#contracts/billing';
import type { Scope } from '#contracts/context';
import { ArrearsService } from '../arrears/arrears.service.js';
import { ServiceFeeService } from '../service-fee/service-fee.service.js';
import { DigestRepository } from './digest.repository.js';

const TOP_DEBTORS = 10;

interface Subject {
  scope: Scope;
  kind: DigestKind;
  asOf: string;
  /** Asked for before: no connection waits for another service. */
  followUps: DigestContent['followUps'];
}

/** What a digest says of a scope as of a day. */
@Injectable()
export class DigestContents {
  constructor(
    private readonly digests: DigestRepository,
    private readonly arrears: ArrearsService,
    private readonly fees: ServiceFeeService,
  ) {}

  async of(
    tx: EntityManager,
    { scope, kind, asOf, followUps }: Subject,
    compareWith: { digestId?: string; since: string },
  ): Promise<DigestContent> {
    return {
      summary: await this.arrears.summary(tx, scope, asOf, kind === 'salesperson' ? undefined : 'owner'),
      changes: await this.digests.changes(tx, scope, asOf, compareWith),
      topDebtors: await this.digests.topDebtors(tx, scope, asOf, TOP_DEBTORS),
      serviceFees: await this.fees.forecastOf(tx, scope, asOf),
      ...(followUps !== undefined && { followUps }),
    };
  }
}

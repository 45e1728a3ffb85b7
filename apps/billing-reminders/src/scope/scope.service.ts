import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Scope } from '#contracts/context';
import { AppError } from '#contracts/errors';
import { ScopeRepository } from './scope.repository.js';

const POLL_MS = 10;
const PATIENCE_MS = 1_000;

/** Every read of what belongs to customers goes through here. */
@Injectable()
export class ScopeService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly scopes: ScopeRepository,
  ) {}

  /**
   * Reads once each change of ownership that the scope knows of has arrived here: nothing lost is shown, and nothing
   * gained is missing. All that `read` sees is of one moment.
   * Errors: `unavailable/projection-behind` after a second.
   */
  async read<T>(scope: Scope, read: (tx: EntityManager) => Promise<T>): Promise<T> {
    await this.caughtUp(scope);
    return this.dataSource.transaction('REPEATABLE READ', read);
  }

  /** The same for what is read in one statement: that is of one moment by itself. */
  async readOnce<T>(scope: Scope, read: (tx: EntityManager) => Promise<T>): Promise<T> {
    await this.caughtUp(scope);
    return read(this.dataSource.manager);
  }

  async customersIn(tx: EntityManager, scope: Scope, customerIds: string[]): Promise<Set<string>> {
    return this.scopes.customersIn(tx, scope, customerIds);
  }

  /** For writes, which judge by the rows that the scope shows in a transaction of their own. */
  async caughtUp(scope: Scope): Promise<void> {
    const giveUp = performance.now() + PATIENCE_MS;
    while (await this.scopes.isBehind(this.dataSource.manager, scope)) {
      if (performance.now() > giveUp) throw new AppError('unavailable', 'projection-behind', { retryAfter: 1 });
      await pause(POLL_MS);
    }
  }
}

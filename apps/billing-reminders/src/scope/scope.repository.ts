import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Scope } from '#contracts/context';
import { prepared } from '#platform/database';
import { IN_SCOPE, scopeParameters } from './visible.sql.js';

@Injectable()
export class ScopeRepository {
  /** Whether some owner's customers are not yet here as the scope presupposes. */
  async isBehind(tx: EntityManager, scope: Scope): Promise<boolean> {
    if (scope.all) {
      const [applied] = await tx.query<{ sum: number }[]>(
        `SELECT coalesce(sum(version), 0)::float8 AS sum FROM owner_versions`,
      );
      return applied!.sum < scope.accessVersion;
    }
    const { owners } = scope;
    const [row] = await prepared<{ behind: boolean }>(
      tx,
      `SELECT EXISTS (
         SELECT FROM unnest($1::uuid[], $2::int[]) AS wanted (owner_id, version)
         LEFT JOIN owner_versions applied USING (owner_id)
         WHERE coalesce(applied.version, 0) < wanted.version) AS behind`,
      [owners.map(({ id }) => id), owners.map(({ accessVersion }) => accessVersion)],
    );
    return row!.behind;
  }

  async customersIn(tx: EntityManager, scope: Scope, customerIds: string[]): Promise<Set<string>> {
    const rows = await tx.query<{ id: string }[]>(
      `SELECT k.id FROM customers k WHERE k.id = ANY ($4::uuid[]) AND ${IN_SCOPE}`,
      [...scopeParameters(scope), customerIds],
    );
    return new Set(rows.map(({ id }) => id));
  }
}

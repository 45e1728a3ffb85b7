import type { MigrationInterface, QueryRunner } from 'typeorm';
import { coreOf } from '../src/duplicate/folding.rules.js';

const PAGE = 2_000;

/** The cores of names are kept as they were folded when the names were written: more legal forms are left out now. */
export class CoresRefolded20261128140500 implements MigrationInterface {
  name = 'CoresRefolded20261128140500';

  async up(runner: QueryRunner): Promise<void> {
    for (let after: string | null = null; ;) {
      const page: { id: string; name: string }[] = (await runner.query(
        `SELECT id, name FROM customers WHERE $1::uuid IS NULL OR id > $1 ORDER BY id LIMIT ${PAGE}`,
        [after],
      )) as { id: string; name: string }[];
      if (page.length === 0) return;
      await runner.query(
        `UPDATE customer_names n SET name_core = folded.core
         FROM unnest($1::uuid[], $2::text[]) AS folded (id, core)
         WHERE n.customer_id = folded.id AND n.name_core <> folded.core`,
        [page.map(({ id }) => id), page.map(({ name }) => coreOf(name))],
      );
      after = page.at(-1)?.id ?? null;
    }
  }

  /** Former cores come back with each name that is written. */
  async down(): Promise<void> {}
}

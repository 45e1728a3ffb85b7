import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Filters of the list of customers under a name. */
export class SavedViews20261128132700 implements MigrationInterface {
  name = 'SavedViews20261128132700';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE TABLE saved_views (
        id uuid PRIMARY KEY DEFAULT uuidv7(),
        owner_id uuid NOT NULL,
        name text NOT NULL,
        query jsonb NOT NULL,
        shared boolean NOT NULL,
        position integer NOT NULL,
        version integer NOT NULL DEFAULT 1
      )`,
    );
    await runner.query(`CREATE INDEX saved_views_of_owner ON saved_views (owner_id, position)`);
    await runner.query(`CREATE INDEX saved_views_shared ON saved_views (owner_id) WHERE shared`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE saved_views`);
  }
}

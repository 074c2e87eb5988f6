import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Views of the table of runs that a person keeps, and an index for the list of those that were deleted. */
export class RunViews1764400000000 implements MigrationInterface {
  name = 'RunViews1764400000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE run_view (
        id uuid PRIMARY KEY,
        created_at timestamptz(3) NOT NULL,
        owner text NOT NULL,
        name text NOT NULL,
        state text NOT NULL,
        UNIQUE (owner, name)
      )`);
    await queryRunner.query(`CREATE INDEX run_deleted ON run (deleted_at) WHERE deleted_at IS NOT NULL`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX run_deleted`);
    await queryRunner.query(`DROP TABLE run_view`);
  }
}

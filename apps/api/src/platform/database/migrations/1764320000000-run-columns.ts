import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A run keeps the columns of its data set as they were when it was made: a run that is resumed must not find other
 * roles than those that it has learned with. Runs from before this have none and take those of the data set.
 */
export class RunColumns1764320000000 implements MigrationInterface {
  name = 'RunColumns1764320000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE run ADD COLUMN "columns" jsonb`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE run DROP COLUMN "columns"`);
  }
}

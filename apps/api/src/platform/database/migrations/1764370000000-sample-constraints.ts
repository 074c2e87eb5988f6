import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A sample keeps what its rows hold between columns and each other, and how often a combination was completed. */
export class SampleConstraints1764370000000 implements MigrationInterface {
  name = 'SampleConstraints1764370000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE sample
        ADD COLUMN constraints jsonb NOT NULL DEFAULT '[]',
        ADD COLUMN completed_share double precision`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE sample DROP COLUMN constraints, DROP COLUMN completed_share`);
  }
}

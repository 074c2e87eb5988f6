import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A run from outside may have no seed that anybody knows of. */
export class ExternalRuns1764310000000 implements MigrationInterface {
  name = 'ExternalRuns1764310000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE run ALTER COLUMN seed DROP NOT NULL');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      UPDATE run SET seed = 0 WHERE seed IS NULL;
      ALTER TABLE run ALTER COLUMN seed SET NOT NULL;`);
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Which process imports a data set (key of the lock that it holds as long as it lives), so that another one takes over
 * when it dies; and whether the files of a deleted data set are gone.
 */
export class DatasetFiles1764350000000 implements MigrationInterface {
  name = 'DatasetFiles1764350000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE dataset ADD COLUMN importer bigint, ADD COLUMN files_removed_at timestamptz(3);
      CREATE INDEX dataset_importing ON dataset (created_at) WHERE status = 'importing' AND deleted_at IS NULL;
      CREATE INDEX dataset_deleted_files ON dataset (deleted_at) WHERE deleted_at IS NOT NULL AND files_removed_at IS NULL;`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP INDEX dataset_importing, dataset_deleted_files;
      ALTER TABLE dataset DROP COLUMN importer, DROP COLUMN files_removed_at`);
  }
}

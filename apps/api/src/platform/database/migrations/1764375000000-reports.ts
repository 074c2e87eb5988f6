import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Reports of synthetic rows beside real ones, and what the download gate found of a sample. */
export class Reports1764375000000 implements MigrationInterface {
  name = 'Reports1764375000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE report (
        id uuid PRIMARY KEY,
        created_at timestamptz(3) NOT NULL,
        created_by text NOT NULL,
        title text NOT NULL,
        run_id uuid REFERENCES run (id),
        checkpoint_id uuid,
        real_dataset_id uuid,
        synthetic_dataset_id uuid,
        rows integer,
        seed integer NOT NULL,
        target text,
        status text NOT NULL,
        progress_percent double precision NOT NULL DEFAULT 0,
        phase text NOT NULL DEFAULT '',
        error text,
        is_copying boolean,
        ended_at timestamptz(3)
      )`);
    await queryRunner.query(`CREATE INDEX report_run ON report (run_id, created_at DESC)`);
    await queryRunner.query(`CREATE INDEX report_created ON report (created_at DESC, id DESC)`);
    await queryRunner.query(`
      ALTER TABLE sample
        ADD COLUMN privacy_check jsonb,
        ADD COLUMN privacy_error text,
        ADD COLUMN gate_override jsonb`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `ALTER TABLE sample DROP COLUMN privacy_check, DROP COLUMN privacy_error, DROP COLUMN gate_override`,
    );
    await queryRunner.query(`DROP TABLE report`);
  }
}

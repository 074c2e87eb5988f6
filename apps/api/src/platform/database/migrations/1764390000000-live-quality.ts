import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A run keeps the last verdict on its training and what was measured of its rows, and checkpoints may be written because the quality was the best. */
export class LiveQuality1764390000000 implements MigrationInterface {
  name = 'LiveQuality1764390000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE run ADD COLUMN health jsonb`);
    await queryRunner.query(`
      CREATE TABLE run_quality (
        run_id uuid NOT NULL REFERENCES run (id) ON DELETE CASCADE,
        step bigint NOT NULL,
        at timestamptz(3) NOT NULL,
        data jsonb NOT NULL,
        PRIMARY KEY (run_id, step)
      )`);
    await queryRunner.query(`
      ALTER TABLE checkpoint
        DROP CONSTRAINT checkpoint_reason_check,
        ADD CONSTRAINT checkpoint_reason_check CHECK (reason IN ('schedule', 'requested', 'best', 'stop', 'end'))`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`UPDATE checkpoint SET reason = 'schedule' WHERE reason = 'best'`);
    await queryRunner.query(`
      ALTER TABLE checkpoint
        DROP CONSTRAINT checkpoint_reason_check,
        ADD CONSTRAINT checkpoint_reason_check CHECK (reason IN ('schedule', 'requested', 'stop', 'end'))`);
    await queryRunner.query(`DROP TABLE run_quality`);
    await queryRunner.query(`ALTER TABLE run DROP COLUMN health`);
  }
}

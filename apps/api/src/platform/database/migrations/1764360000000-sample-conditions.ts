import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A sample keeps what was asked of its rows, and how many of those drawn met it. Samples from before asked nothing. */
export class SampleConditions1764360000000 implements MigrationInterface {
  name = 'SampleConditions1764360000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE sample
        ADD COLUMN conditions jsonb NOT NULL DEFAULT '[]',
        ADD COLUMN balance jsonb,
        ADD COLUMN hit_rate double precision`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE sample DROP COLUMN conditions, DROP COLUMN balance, DROP COLUMN hit_rate`);
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A sample keeps what was asked of its sequences. Samples from before are of single rows. */
export class SampleSequences1764395000000 implements MigrationInterface {
  name = 'SampleSequences1764395000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE sample ADD COLUMN sequences jsonb`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE sample DROP COLUMN sequences`);
  }
}

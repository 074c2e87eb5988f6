import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whom to tell what becomes of runs, and which deleted runs have no files any more. */
export class Notifications1764420000000 implements MigrationInterface {
  name = 'Notifications1764420000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE notification (
        id uuid PRIMARY KEY,
        created_at timestamptz(3) NOT NULL,
        created_by text NOT NULL,
        kind text NOT NULL,
        address text NOT NULL,
        secret text,
        events jsonb NOT NULL,
        last_sent_at timestamptz(3),
        last_error text
      )`);
    await queryRunner.query(`CREATE INDEX notification_owner ON notification (created_by)`);
    await queryRunner.query(`ALTER TABLE run ADD COLUMN files_removed_at timestamptz(3)`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE run DROP COLUMN files_removed_at`);
    await queryRunner.query(`DROP TABLE notification`);
  }
}

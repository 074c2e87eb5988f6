import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Notifications of all runs of a project, beside those of one's own. */
export class ProjectNotifications1764440000000 implements MigrationInterface {
  name = 'ProjectNotifications1764440000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE notification ADD COLUMN project_id uuid REFERENCES project (id) ON DELETE CASCADE`);
    await queryRunner.query(`CREATE INDEX notification_project ON notification (project_id)`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE notification DROP COLUMN project_id`);
  }
}

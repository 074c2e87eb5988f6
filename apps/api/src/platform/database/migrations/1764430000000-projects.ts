import { defaultProjectId } from '@gan-dashboard/shared-types';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Projects and their members. All that there is, and all that a process of the version before still adds while the
 * servers are updated one by one, belongs to the default project: it is open, so nobody loses sight of anything.
 */
export class Projects1764430000000 implements MigrationInterface {
  name = 'Projects1764430000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of statements) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE run DROP COLUMN project_id');
    await queryRunner.query('ALTER TABLE dataset DROP COLUMN project_id');
    await queryRunner.query('DROP TABLE project_member, project');
  }
}

const column = `ADD COLUMN project_id uuid NOT NULL DEFAULT '${defaultProjectId}' REFERENCES project (id)`;

const statements = [
  `CREATE TABLE project (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    created_at timestamptz(3) NOT NULL DEFAULT now(),
    name text NOT NULL,
    description text NOT NULL DEFAULT '',
    -- Everybody who has an account takes part with the role of the account.
    is_open boolean NOT NULL DEFAULT false
  )`,
  'CREATE UNIQUE INDEX project_name ON project (lower(name))',
  `CREATE TABLE project_member (
    project_id uuid NOT NULL REFERENCES project ON DELETE CASCADE,
    user_id uuid NOT NULL REFERENCES app_user ON DELETE CASCADE,
    role text NOT NULL CHECK (role IN ('viewer', 'trainer', 'administrator')),
    PRIMARY KEY (user_id, project_id)
  )`,
  'CREATE INDEX project_member_project ON project_member (project_id)',
  `INSERT INTO project (id, name, description, is_open)
   VALUES ('${defaultProjectId}', 'Default', 'What names no other project', true)`,
  // A constant default is kept beside the table: no row is written.
  `ALTER TABLE dataset ${column}`,
  `ALTER TABLE run ${column}`,
  'CREATE INDEX dataset_project ON dataset (project_id, created_at DESC, id DESC) WHERE deleted_at IS NULL',
  'CREATE INDEX run_project ON run (project_id, created_at DESC, id DESC) WHERE deleted_at IS NULL',
];

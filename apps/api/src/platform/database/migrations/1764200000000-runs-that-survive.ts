import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Runs that survive: fences, numbering of events in the database, control across processes, the queue's order, workers,
 * forks, the retention of checkpoints, runs from outside, and the audit trail.
 */
export class RunsThatSurvive1764200000000 implements MigrationInterface {
  name = 'RunsThatSurvive1764200000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(runColumns);
    await queryRunner.query(runWriterTable);
    await queryRunner.query(runCommandTable);
    await queryRunner.query(workerTable);
    await queryRunner.query(checkpointColumns);
    await queryRunner.query(auditTable);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP TABLE audit_entry, worker, run_command, run_writer;
      ALTER TABLE checkpoint DROP COLUMN reason, DROP COLUMN metrics, DROP COLUMN is_pinned, DROP COLUMN is_best,
        DROP COLUMN removed_at;
      ALTER TABLE run DROP COLUMN origin, DROP COLUMN priority, DROP COLUMN queued_at, DROP COLUMN on_interruption,
        DROP COLUMN attempt, DROP COLUMN fruitless_attempts, DROP COLUMN fence, DROP COLUMN worker_id,
        DROP COLUMN parent_checkpoint_id, DROP COLUMN heard_at, DROP COLUMN last_training_seq,
        DROP COLUMN last_progress_seq, DROP COLUMN last_logs_seq, DROP COLUMN last_line;`);
  }
}

/**
 * `fence` rises each time that a process takes the run up; whoever writes as the run's owner names the fence that it
 * was given, and is refused once a later owner has a higher one. `last_*_seq` are the places of the newest event of the
 * run and of each of its channels: whoever writes events takes the next places from here, under the row's lock.
 */
const runColumns = `
  ALTER TABLE run
    ADD COLUMN origin text NOT NULL DEFAULT 'dashboard' CHECK (origin IN ('dashboard', 'external')),
    ADD COLUMN priority integer NOT NULL DEFAULT 0,
    ADD COLUMN queued_at timestamptz(3),
    ADD COLUMN on_interruption text NOT NULL DEFAULT 'auto' CHECK (on_interruption IN ('auto', 'ask', 'never')),
    ADD COLUMN attempt integer NOT NULL DEFAULT 0,
    ADD COLUMN fruitless_attempts integer NOT NULL DEFAULT 0,
    ADD COLUMN fence bigint NOT NULL DEFAULT 0,
    ADD COLUMN worker_id uuid,
    ADD COLUMN parent_checkpoint_id uuid,
    ADD COLUMN heard_at timestamptz(3),
    ADD COLUMN last_training_seq bigint NOT NULL DEFAULT 0,
    ADD COLUMN last_progress_seq bigint NOT NULL DEFAULT 0,
    ADD COLUMN last_logs_seq bigint NOT NULL DEFAULT 0,
    ADD COLUMN last_line integer NOT NULL DEFAULT 0;
  UPDATE run SET queued_at = created_at WHERE status = 'queued';
  UPDATE run SET last_line = coalesce((SELECT max(line) FROM run_log WHERE run_id = run.id), 0),
    last_training_seq = coalesce((SELECT max(seq) FROM run_event
      WHERE run_id = run.id AND type NOT IN ('progress', 'log_entry')), 0),
    last_progress_seq = coalesce((SELECT max(seq) FROM run_event WHERE run_id = run.id AND type = 'progress'), 0),
    last_logs_seq = coalesce((SELECT max(seq) FROM run_event WHERE run_id = run.id AND type = 'log_entry'), 0);
  CREATE INDEX run_queue ON run (priority DESC, queued_at, id) WHERE status = 'queued' AND deleted_at IS NULL;
  CREATE INDEX run_worker ON run (worker_id) WHERE worker_id IS NOT NULL;`;

/** The last batch of each writer of a run: a batch that is sent again after a lost answer is known by its number. */
const runWriterTable = `
  CREATE TABLE run_writer (
    run_id uuid NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    writer_id uuid NOT NULL,
    batch bigint NOT NULL,
    first_seq bigint NOT NULL,
    written_at timestamptz(3) NOT NULL DEFAULT now(),
    PRIMARY KEY (run_id, writer_id)
  );`;

/** What was asked of a run that some process works on; the process that has it answers here. */
const runCommandTable = `
  CREATE TABLE run_command (
    id uuid PRIMARY KEY,
    run_id uuid NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    command text NOT NULL CHECK (command IN ('stop', 'pause', 'resume', 'checkpoint')),
    actor text NOT NULL,
    requested_at timestamptz(3) NOT NULL DEFAULT now(),
    taken_at timestamptz(3),
    done_at timestamptz(3),
    result jsonb,
    error text
  );
  CREATE INDEX run_command_open ON run_command (run_id, requested_at) WHERE done_at IS NULL;`;

const workerTable = `
  CREATE TABLE worker (
    id uuid PRIMARY KEY,
    created_at timestamptz(3) NOT NULL,
    instance_key bigint NOT NULL,
    host text NOT NULL,
    process_id integer NOT NULL,
    role text NOT NULL CHECK (role IN ('all', 'web', 'worker')),
    is_draining boolean NOT NULL DEFAULT false,
    cores integer NOT NULL,
    memory_bytes bigint NOT NULL,
    slots integer NOT NULL,
    versions jsonb NOT NULL DEFAULT '{}',
    load jsonb NOT NULL DEFAULT '{}',
    load_at timestamptz(3),
    ended_at timestamptz(3)
  );`;

const checkpointColumns = `
  ALTER TABLE checkpoint
    ADD COLUMN reason text NOT NULL DEFAULT 'end' CHECK (reason IN ('schedule', 'requested', 'stop', 'end')),
    ADD COLUMN metrics jsonb NOT NULL DEFAULT '{}',
    ADD COLUMN is_pinned boolean NOT NULL DEFAULT false,
    ADD COLUMN is_best boolean NOT NULL DEFAULT false,
    ADD COLUMN removed_at timestamptz(3);
  CREATE UNIQUE INDEX checkpoint_file ON checkpoint (run_id, file_name);`;

const auditTable = `
  CREATE TABLE audit_entry (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz(3) NOT NULL DEFAULT now(),
    actor text NOT NULL,
    action text NOT NULL,
    run_id uuid,
    subject text,
    detail jsonb NOT NULL DEFAULT '{}'
  );
  CREATE INDEX audit_entry_run ON audit_entry (run_id, id DESC);`;

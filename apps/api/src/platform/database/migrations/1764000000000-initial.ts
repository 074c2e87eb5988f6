import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Data sets, runs, the event log of runs, their metrics and logs, checkpoints and samples. */
export class Initial1764000000000 implements MigrationInterface {
  name = 'Initial1764000000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(datasetTable);
    await queryRunner.query(runTable);
    await queryRunner.query(eventTables);
    await queryRunner.query(historyTables);
    await queryRunner.query(outcomeTables);
    await queryRunner.query(idempotencyTable);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      'DROP TABLE idempotent_request, sample, checkpoint, run_log, run_metric, run_event, event_log, run, dataset',
    );
  }
}

const datasetTable = `
  CREATE TABLE dataset (
    id uuid PRIMARY KEY,
    created_at timestamptz(3) NOT NULL,
    created_by text NOT NULL,
    name text NOT NULL,
    file_name text NOT NULL,
    origin text NOT NULL CHECK (origin IN ('folder', 'upload', 'generated')),
    status text NOT NULL CHECK (status IN ('importing', 'ready', 'failed')),
    error text,
    size_bytes bigint NOT NULL,
    sha256 text NOT NULL,
    row_count integer,
    rejected_row_count integer,
    reading jsonb,
    structure jsonb,
    columns jsonb NOT NULL DEFAULT '[]',
    profile jsonb,
    warnings jsonb NOT NULL DEFAULT '[]',
    deleted_at timestamptz(3)
  );
  CREATE INDEX dataset_newest ON dataset (created_at DESC, id DESC) WHERE deleted_at IS NULL;
  CREATE INDEX dataset_file_name ON dataset (file_name);
  CREATE INDEX dataset_sha256 ON dataset (sha256);`;

const runTable = `
  CREATE TABLE run (
    id uuid PRIMARY KEY,
    created_at timestamptz(3) NOT NULL,
    created_by text NOT NULL,
    name text NOT NULL,
    status text NOT NULL,
    model text NOT NULL,
    config jsonb NOT NULL,
    dataset_id uuid REFERENCES dataset (id),
    seed integer NOT NULL,
    epoch integer NOT NULL DEFAULT 0,
    total_epochs integer NOT NULL,
    progress_percent double precision NOT NULL DEFAULT 0,
    eta_seconds double precision,
    started_at timestamptz(3),
    ended_at timestamptz(3),
    tags jsonb NOT NULL DEFAULT '[]',
    notes text NOT NULL DEFAULT '',
    summary jsonb NOT NULL DEFAULT '{}',
    error text,
    parent_run_id uuid REFERENCES run (id),
    archived boolean NOT NULL DEFAULT false,
    deleted_at timestamptz(3),
    last_seq bigint NOT NULL DEFAULT 0,
    owner bigint
  );
  CREATE INDEX run_newest ON run (created_at DESC, id DESC) WHERE deleted_at IS NULL;
  CREATE INDEX run_status ON run (status) WHERE deleted_at IS NULL;
  CREATE INDEX run_dataset ON run (dataset_id);`;

/**
 * The log is partitioned by the day of the event, so that old days are dropped, not deleted row by row.
 * \`occurred_at\` is the event's own time. It has to be in the key, which therefore does not keep two events of one \`seq\`
 * apart: the lock of the run's row does, under which events are numbered.
 * \`xid\` orders the log over all runs for readers: whatever was not visible to a snapshot has an xid at or
 * above that snapshot's xmin. \`event_log.epoch\` tells the xids of one database from those of its restored copy.
 */
const eventTables = `
  CREATE TABLE event_log (
    singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    epoch uuid NOT NULL DEFAULT gen_random_uuid(),
    dropped_below xid8 NOT NULL DEFAULT '0'
  );
  INSERT INTO event_log DEFAULT VALUES;
  CREATE TABLE run_event (
    run_id uuid NOT NULL,
    seq bigint NOT NULL,
    prev_seq bigint NOT NULL,
    type text NOT NULL,
    data json NOT NULL,
    occurred_at timestamptz(3) NOT NULL,
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    PRIMARY KEY (run_id, seq, occurred_at)
  ) PARTITION BY RANGE (occurred_at);
  CREATE TABLE run_event_default PARTITION OF run_event DEFAULT;
  CREATE INDEX run_event_xid ON run_event (xid, run_id, seq);`;

const historyTables = `
  CREATE TABLE run_metric (
    run_id uuid NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    name text NOT NULL,
    step bigint NOT NULL,
    epoch integer NOT NULL,
    measured_at timestamptz(3) NOT NULL,
    value double precision NOT NULL,
    PRIMARY KEY (run_id, name, step)
  );
  CREATE TABLE run_log (
    run_id uuid NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    line integer NOT NULL,
    logged_at timestamptz(3) NOT NULL,
    source text NOT NULL,
    stream text,
    level text NOT NULL,
    message text NOT NULL,
    PRIMARY KEY (run_id, line)
  );`;

const outcomeTables = `
  CREATE TABLE checkpoint (
    id uuid PRIMARY KEY,
    created_at timestamptz(3) NOT NULL,
    run_id uuid NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    epoch integer NOT NULL,
    step bigint NOT NULL,
    file_name text NOT NULL,
    size_bytes bigint NOT NULL,
    sha256 text NOT NULL
  );
  CREATE INDEX checkpoint_run ON checkpoint (run_id, step DESC);
  CREATE TABLE sample (
    id uuid PRIMARY KEY,
    created_at timestamptz(3) NOT NULL,
    run_id uuid NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    checkpoint_id uuid NOT NULL REFERENCES checkpoint (id) ON DELETE CASCADE,
    rows integer NOT NULL,
    seed integer NOT NULL,
    format text NOT NULL CHECK (format IN ('csv', 'parquet')),
    status text NOT NULL CHECK (status IN ('pending', 'ready', 'failed')),
    error text,
    size_bytes bigint,
    columns jsonb NOT NULL DEFAULT '[]',
    preview jsonb NOT NULL DEFAULT '[]'
  );
  CREATE INDEX sample_run ON sample (run_id, created_at DESC);`;

const idempotencyTable = `
  CREATE TABLE idempotent_request (
    key text NOT NULL,
    owner text NOT NULL,
    fingerprint text NOT NULL,
    created_at timestamptz(3) NOT NULL,
    status integer,
    body jsonb,
    PRIMARY KEY (key, owner)
  );
  CREATE INDEX idempotent_request_age ON idempotent_request (created_at);`;

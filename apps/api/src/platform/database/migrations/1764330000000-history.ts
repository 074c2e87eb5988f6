import type { MigrationInterface, QueryRunner } from 'typeorm';
import { moveToChunks, moveToRows } from '../../../history/move-history';

/** Metrics and log lines in chunks instead of a row each. What there is moves over. */
export class History1764330000000 implements MigrationInterface {
  name = 'History1764330000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(metricTables);
    await queryRunner.query(logTable);
    await moveToChunks(queryRunner.manager);
    await queryRunner.query('DROP TABLE run_metric, run_log');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(rowTables);
    await moveToRows(queryRunner.manager);
    await queryRunner.query(`
      DROP TRIGGER run_metrics_gone ON run;
      DROP TRIGGER worker_metrics_gone ON worker;
      DROP FUNCTION remove_metrics();
      DROP TABLE metric_segment, metric_chunk, metric_axis, log_chunk;`);
  }
}

/**
 * A series is known by its subject, which is a run or a worker, and its key. `metric_segment` has what was appended, a
 * row for each flush: the values of all its series (`keys`), which were measured at the same steps and times (`axis`).
 * Compaction turns segments into `metric_chunk`, up to 4,096 points of one series in a row with their summaries, and
 * `metric_axis`, the steps and times of the chunks that were measured together. history/metric-chunk.ts says how the
 * bytes lie. They are not compressed (EXTERNAL): doubles hardly are, and it would cost time at every read.
 */
const metricTables = `
  CREATE TABLE metric_segment (
    id bigint GENERATED ALWAYS AS IDENTITY,
    subject uuid NOT NULL,
    keys text[] NOT NULL,
    count integer NOT NULL,
    first_step bigint NOT NULL,
    last_step bigint NOT NULL,
    axis bytea NOT NULL,
    values bytea NOT NULL,
    written_at timestamptz(3) NOT NULL DEFAULT now(),
    PRIMARY KEY (subject, id)
  );
  ALTER TABLE metric_segment ALTER values SET STORAGE EXTERNAL;
  ALTER TABLE metric_segment SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
  CREATE TABLE metric_axis (
    id uuid PRIMARY KEY,
    subject uuid NOT NULL,
    ends bytea NOT NULL,
    points bytea NOT NULL
  );
  ALTER TABLE metric_axis ALTER points SET STORAGE EXTERNAL;
  CREATE INDEX metric_axis_subject ON metric_axis (subject);
  CREATE TABLE metric_chunk (
    id bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    subject uuid NOT NULL,
    key text COLLATE "C" NOT NULL,
    first_step bigint NOT NULL,
    last_step bigint NOT NULL,
    count integer NOT NULL,
    axis uuid NOT NULL,
    coarse bytea NOT NULL,
    non_finite bytea,
    data bytea NOT NULL,
    PRIMARY KEY (subject, key, first_step)
  );
  ALTER TABLE metric_chunk ALTER data SET STORAGE EXTERNAL;
  CREATE INDEX metric_chunk_axis ON metric_chunk (axis);
  CREATE FUNCTION remove_metrics() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      DELETE FROM metric_segment WHERE subject = OLD.id;
      DELETE FROM metric_chunk WHERE subject = OLD.id;
      DELETE FROM metric_axis WHERE subject = OLD.id;
      RETURN NULL;
    END $$;
  CREATE TRIGGER run_metrics_gone AFTER DELETE ON run FOR EACH ROW EXECUTE FUNCTION remove_metrics();
  CREATE TRIGGER worker_metrics_gone AFTER DELETE ON worker FOR EACH ROW EXECUTE FUNCTION remove_metrics();`;

/**
 * Up to 500 lines a row; a live log ends in smaller ones, which compaction puts together. The text is compressed by
 * the database, so that it can be searched in SQL; history/log-lines.ts says how the other fields lie.
 */
const logTable = `
  CREATE TABLE log_chunk (
    id bigint GENERATED ALWAYS AS IDENTITY,
    run_id uuid NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    first_line integer NOT NULL,
    last_line integer NOT NULL,
    count integer NOT NULL,
    levels integer NOT NULL,
    is_full boolean NOT NULL,
    text text NOT NULL,
    fields bytea NOT NULL,
    PRIMARY KEY (run_id, first_line, id)
  );
  ALTER TABLE log_chunk SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
  CREATE INDEX log_chunk_small ON log_chunk (run_id) WHERE NOT is_full;`;

const rowTables = `
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

import type { EntityManager } from 'typeorm';
import type { LogEntry } from '@gan-dashboard/shared-types';
import { writeLines } from './log-chunks';
import { decodeLines } from './log-lines';
import type { StoredLines } from './log-lines';
import { decodeAxis, decodePoints } from './metric-chunk';
import type { StoredAxis, StoredChunk } from './metric-chunk';
import { writeChunks } from './metric-chunks';
import { pointsOfSegments } from './metric-segments';
import type { SegmentRow } from './metric-segments';
import type { Points } from './points';

interface MetricRow {
  step: string;
  epoch: number;
  measured_at: Date;
  value: number;
}

/** Read at once; a multiple of what goes into a chunk. */
const metricPage = 12 * 4_096;
const linePage = 20_000;

/** Moves metrics and log lines from a row each (run_metric, run_log) to chunks. */
export async function moveToChunks(manager: EntityManager): Promise<void> {
  const series = await manager.query<{ run_id: string; name: string }[]>(
    'SELECT DISTINCT run_id, name FROM run_metric ORDER BY run_id, name',
  );
  for (const { run_id, name } of series) await moveSeries(manager, run_id, name);
  const runs = await manager.query<{ run_id: string }[]>('SELECT DISTINCT run_id FROM run_log');
  for (const { run_id } of runs) await moveLog(manager, run_id);
}

async function moveSeries(manager: EntityManager, runId: string, name: string): Promise<void> {
  let after = String(Number.MIN_SAFE_INTEGER);
  for (;;) {
    const rows = await manager.query<MetricRow[]>(
      `SELECT step, epoch, measured_at, value FROM run_metric
       WHERE run_id = $1 AND name = $2 AND step > $3 ORDER BY step LIMIT ${metricPage}`,
      [runId, name, after],
    );
    const last = rows.at(-1);
    if (!last) return;
    after = last.step;
    const chunks = Array.from({ length: Math.ceil(rows.length / 4_096) }, (_, index) => ({
      key: name,
      points: pointsOf(rows.slice(4_096 * index, 4_096 * (index + 1))),
    }));
    await writeChunks(manager, runId, chunks);
  }
}

function pointsOf(rows: readonly MetricRow[]): Points {
  return {
    steps: Float64Array.from(rows, ({ step }) => Number(step)),
    times: Float64Array.from(rows, ({ measured_at }) => measured_at.getTime()),
    epochs: Float64Array.from(rows, ({ epoch }) => epoch),
    values: Float64Array.from(rows, ({ value }) => value),
  };
}

async function moveLog(manager: EntityManager, runId: string): Promise<void> {
  let after = 0;
  for (;;) {
    const rows = await manager.query<
      (Omit<LogEntry, 'stream' | 'timestamp'> & { stream: 'stdout' | 'stderr' | null; logged_at: Date })[]
    >(
      `SELECT line, logged_at, source, stream, level, message FROM run_log
       WHERE run_id = $1 AND line > $2 ORDER BY line LIMIT ${linePage}`,
      [runId, after],
    );
    const last = rows.at(-1);
    if (!last) return;
    after = last.line;
    await writeLines(
      manager,
      runId,
      rows.map(({ logged_at, stream, ...entry }) => ({
        ...entry,
        ...(stream && { stream }),
        timestamp: logged_at.toISOString(),
      })),
    );
  }
}

/** Moves the metrics and log lines of runs back; those of workers had no place before. */
export async function moveToRows(manager: EntityManager): Promise<void> {
  const runs = await manager.query<{ id: string }[]>('SELECT id FROM run');
  for (const { id } of runs) {
    // Segments after chunks, oldest first: what was written later wins.
    for (const chunk of await chunksOf(manager, id)) await insertPoints(manager, id, chunk);
    const segments = await manager.query<SegmentRow[]>(
      'SELECT keys, count, axis, values FROM metric_segment WHERE subject = $1 ORDER BY id',
      [id],
    );
    for (const [key, parts] of pointsOfSegments(segments, null)) {
      for (const points of parts) await insertPoints(manager, id, { key, points });
    }
    await insertLines(manager, id);
  }
}

async function chunksOf(manager: EntityManager, runId: string): Promise<{ key: string; points: Points }[]> {
  const rows = await manager.query<(StoredChunk & StoredAxis & { key: string })[]>(
    `SELECT c.key, c.count, c.data, a.points FROM metric_chunk c JOIN metric_axis a ON a.id = c.axis
     WHERE c.subject = $1`,
    [runId],
  );
  return rows.map((row) => ({ key: row.key, points: decodePoints(row, decodeAxis(row, row.count)) }));
}

async function insertPoints(
  manager: EntityManager,
  runId: string,
  { key, points }: { key: string; points: Points },
): Promise<void> {
  const lastOfStep = new Map(Array.from(points.steps, (step, index) => [step, index]));
  const at = [...lastOfStep.values()];
  await manager.query(
    `INSERT INTO run_metric (run_id, name, step, epoch, measured_at, value)
     SELECT $1, $2, * FROM unnest($3::bigint[], $4::int[], $5::timestamptz[], $6::float8[])
     ON CONFLICT (run_id, name, step) DO UPDATE
       SET epoch = excluded.epoch, measured_at = excluded.measured_at, value = excluded.value`,
    [
      runId,
      key,
      at.map((index) => points.steps[index]),
      at.map((index) => points.epochs[index]),
      at.map((index) => new Date(points.times[index] as number)),
      at.map((index) => points.values[index]),
    ],
  );
}

async function insertLines(manager: EntityManager, runId: string): Promise<void> {
  const chunks = await manager.query<StoredLines[]>(
    'SELECT count, text, fields FROM log_chunk WHERE run_id = $1 ORDER BY first_line, id',
    [runId],
  );
  for (const chunk of chunks) {
    const lines = decodeLines(chunk);
    await manager.query(
      `INSERT INTO run_log (run_id, line, logged_at, source, stream, level, message)
       SELECT $1, * FROM unnest($2::int[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::text[])
       ON CONFLICT DO NOTHING`,
      [
        runId,
        lines.map(({ line }) => line),
        lines.map(({ timestamp }) => timestamp),
        lines.map(({ source }) => source),
        lines.map(({ stream }) => stream ?? null),
        lines.map(({ level }) => level),
        lines.map(({ message }) => message),
      ],
    );
  }
}

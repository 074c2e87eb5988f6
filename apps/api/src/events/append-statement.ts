import { channelOf, channels, toRunMessage } from '@gan-dashboard/shared-types';
import type { NewRunEvent, RunMessage } from '@gan-dashboard/shared-types';
import type { PreparedQuery } from '../platform/database/prepared-query';

/** Events of one run that are written together. Writer and number tell a batch that is sent again from a new one. */
export interface EventBatch {
  runId: string;
  writerId: string;
  /** Rises with each batch of the writer. */
  batch: number;
  /** Given by a writer that owns the run: it may write only as long as the run has this fence. */
  fence?: number | undefined;
  events: readonly NewRunEvent[];
}

/** Where the run's log stood before the batch. */
export interface AppendAnswer {
  fence: string;
  last_seq: string;
  /** In the order of `channels`. */
  last_seq_of: string[];
  last_line: number;
  project_id: string;
  is_deleted: boolean;
  /** False when nothing was written: the run is deleted, its fence is another, or the batch had been written before. */
  is_new: boolean;
}

/** Any number will do as long as no other two-part advisory lock of this database uses it. */
const lockClass = 1_985_229_328;

/**
 * Numbers and writes a batch in one round trip.
 *
 * The advisory lock comes first: it makes the writers of a run wait before they have a transaction id, so that the ids
 * rise with `seq` within a run. Streams of many runs rely on that, they read the log in the order of the ids; the
 * row's lock alone does not promise it. The row's lock then holds off a new owner between the look at the fence and
 * the commit. The statement's snapshot may be older than the wait; what it must know newer it takes from what sees past
 * a snapshot: a locked row, and the conflict of an upsert, which recognises a batch that another connection has just
 * committed. `$7` to `$9` are the batch's last places of the channels, null where it has no event of one.
 */
const text = `
  WITH gate AS MATERIALIZED (
    SELECT pg_advisory_xact_lock(${lockClass}, hashtext($1::text))
  ), stand AS MATERIALIZED (
    SELECT run.id, run.project_id, run.fence, run.last_seq, run.last_line, run.deleted_at IS NOT NULL AS is_deleted,
      ARRAY[run.last_training_seq, run.last_progress_seq, run.last_logs_seq] AS last_seq_of
    FROM gate CROSS JOIN run WHERE run.id = $1::uuid
    FOR NO KEY UPDATE OF run
  ), place AS (
    INSERT INTO run_writer AS w (run_id, writer_id, batch, first_seq)
    SELECT id, $2::uuid, $3::bigint, last_seq + 1 FROM stand
    WHERE NOT is_deleted AND ($4::bigint IS NULL OR fence = $4::bigint)
    ON CONFLICT (run_id, writer_id) DO UPDATE
      SET batch = excluded.batch, first_seq = excluded.first_seq, written_at = now()
      WHERE w.batch < excluded.batch
    RETURNING first_seq - 1 AS base
  ), moved AS (
    UPDATE run SET
      last_seq = place.base + $5::int,
      last_line = run.last_line + $6::int,
      last_training_seq = coalesce(place.base + $7::int, run.last_training_seq),
      last_progress_seq = coalesce(place.base + $8::int, run.last_progress_seq),
      last_logs_seq = coalesce(place.base + $9::int, run.last_logs_seq)
    FROM place WHERE run.id = $1::uuid
  ), written AS (
    INSERT INTO run_event (run_id, seq, prev_seq, type, data, occurred_at)
    SELECT stand.id, place.base + e.ordinal,
      CASE WHEN e.previous > 0 THEN place.base + e.previous ELSE stand.last_seq_of[-e.previous] END,
      e.type,
      CASE WHEN e.line > 0 THEN left(e.data, -1) || ',"line":' || stand.last_line + e.line || '}' ELSE e.data END::json,
      e.occurred_at
    FROM place, stand,
      unnest($10::text[], $11::text[], $12::timestamptz[], $13::int[], $14::int[])
        WITH ORDINALITY AS e (type, data, occurred_at, previous, line, ordinal)
  )
  SELECT fence, last_seq, last_seq_of, last_line, project_id, is_deleted, EXISTS (SELECT FROM place) AS is_new FROM stand`;

/** Places of a batch's events in relation to one another. */
interface RelativePlaces {
  /** Of each event: place of the one before of its channel in the batch, from 1; -1, -2, -3 for the channel's last before. */
  previous: number[];
  /** Of each event: number of the log line in the batch, from 1; 0 for what is not a line. */
  line: number[];
  /** Last place of each channel, null where the batch has none of it. */
  lastOf: (number | null)[];
  lines: number;
}

function relativePlaces(events: readonly NewRunEvent[]): RelativePlaces {
  const places: RelativePlaces = { previous: [], line: [], lastOf: channels.map(() => null), lines: 0 };
  for (const [index, { type }] of events.entries()) {
    const channel = channels.indexOf(channelOf(type));
    places.previous.push(places.lastOf[channel] ?? -(channel + 1));
    places.line.push(type === 'log_entry' ? ++places.lines : 0);
    places.lastOf[channel] = index + 1;
  }
  return places;
}

export function appendQuery(batch: EventBatch): PreparedQuery {
  return { name: 'append_run_events', text, values: parametersOf(batch) };
}

function parametersOf({ runId, writerId, batch, fence, events }: EventBatch): unknown[] {
  const { previous, line, lastOf, lines } = relativePlaces(events);
  return [
    runId,
    writerId,
    batch,
    fence ?? null,
    events.length,
    lines,
    ...lastOf,
    events.map(({ type }) => type),
    events.map(({ data }) => JSON.stringify(data)),
    events.map(({ at }) => at.toISOString()),
    previous,
    line,
  ];
}

/** The events of a batch as they were written, behind what the answer says. */
export function messagesAt({ runId, events }: EventBatch, answer: AppendAnswer): RunMessage[] {
  const { previous, line } = relativePlaces(events);
  const base = Number(answer.last_seq);
  return events.map((event, index) => {
    const before = previous[index] ?? 0;
    return toRunMessage(event, {
      runId,
      seq: base + index + 1,
      prevSeq: before > 0 ? base + before : Number(answer.last_seq_of[-before - 1] ?? 0),
      ...(event.type === 'log_entry' ? { line: answer.last_line + (line[index] ?? 0) } : {}),
    });
  });
}

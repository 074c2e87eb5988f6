import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { channelOf, channels, runEventTypes, toRunMessage } from '@gan-dashboard/shared-types';
import type { Channel, NewRunEvent, RunMessage } from '@gan-dashboard/shared-types';

/** Where a run's log stands: what its single writer needs to go on. */
export interface LogPosition {
  lastSeq: number;
  lastSeqOf: Record<Channel, number>;
}

interface EventRow {
  run_id: string;
  seq: string;
  prev_seq: string;
  type: NewRunEvent['type'];
  data: never;
  occurred_at: Date;
  xid: string;
}

/** Place of a row in the order of the whole log. */
export interface LogPlace {
  xid: bigint;
  runId: string;
  seq: number;
}

const columns = 'run_id, seq, prev_seq, type, data, occurred_at, xid::text AS xid';

function typesOf(wanted: readonly Channel[]): string[] {
  return runEventTypes.filter((type) => wanted.includes(channelOf(type)));
}

function messageOf(row: EventRow): RunMessage {
  return toRunMessage(
    { type: row.type, data: row.data, at: row.occurred_at },
    { runId: row.run_id, seq: Number(row.seq), prevSeq: Number(row.prev_seq) },
  );
}

/** The durable log of all runs' events in Postgres. Each run has one writer and a contiguous `seq` from 1. */
@Injectable()
export class EventLog {
  private epochPromise: Promise<string> | undefined;

  constructor(private readonly dataSource: DataSource) {}

  /** Tells this log from a restored copy of it, whose transaction ids mean something else. */
  epoch(): Promise<string> {
    this.epochPromise ??= this.dataSource
      .query<{ epoch: string }[]>('SELECT epoch FROM event_log')
      .then(([row]) => {
        if (!row) throw new Error('the table event_log is empty; the migration that fills it did not run');
        return row.epoch;
      })
      .catch((error: unknown) => {
        this.epochPromise = undefined;
        throw error;
      });
    return this.epochPromise;
  }

  async position(runId: string): Promise<LogPosition> {
    const position: LogPosition = { lastSeq: 0, lastSeqOf: { training: 0, progress: 0, logs: 0 } };
    for (const channel of channels) {
      const [row] = await this.dataSource.query<{ seq: string | null }[]>(
        'SELECT max(seq) AS seq FROM run_event WHERE run_id = $1 AND type = ANY ($2)',
        [runId, typesOf([channel])],
      );
      position.lastSeqOf[channel] = Number(row?.seq ?? 0);
      position.lastSeq = Math.max(position.lastSeq, position.lastSeqOf[channel]);
    }
    return position;
  }

  /**
   * Writes a batch of one run together with what follows from it (`project`), in one transaction. Writing the same
   * batch again changes nothing in the log.
   */
  async append(
    messages: readonly RunMessage[],
    project: (manager: EntityManager) => Promise<void> = () => Promise.resolve(),
  ): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      await manager.query(
        `INSERT INTO run_event (run_id, seq, prev_seq, type, data, occurred_at)
         SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::text[], $5::json[], $6::timestamptz[])
         ON CONFLICT DO NOTHING`,
        [
          messages.map((message) => message.run_id),
          messages.map((message) => message.seq),
          messages.map((message) => message.prev_seq ?? 0),
          messages.map((message) => message.type),
          messages.map((message) => JSON.stringify(message.data)),
          messages.map((message) => message.timestamp),
        ],
      );
      await project(manager);
    });
  }

  /** Events of one run after `seq`, oldest first. */
  async readRun(
    runId: string,
    after: number,
    options: { limit: number; channels?: readonly Channel[] },
  ): Promise<RunMessage[]> {
    const rows = await this.dataSource.query<EventRow[]>(
      `SELECT ${columns} FROM run_event
       WHERE run_id = $1 AND seq > $2 AND type = ANY ($3) ORDER BY seq LIMIT $4`,
      [runId, after, typesOf(options.channels ?? channels), options.limit],
    );
    return rows.map(messageOf);
  }

  /** The oldest event that is still kept of a run. */
  async firstSeq(runId: string): Promise<number | undefined> {
    const [row] = await this.dataSource.query<{ seq: string | null }[]>(
      'SELECT min(seq) AS seq FROM run_event WHERE run_id = $1',
      [runId],
    );
    return row?.seq == null ? undefined : Number(row.seq);
  }

  /** Events of all runs from a place in the whole log on. Within a run they come in the order of `seq`. */
  async readAll(
    from: LogPlace,
    options: { limit: number; channels: readonly Channel[] },
  ): Promise<{ messages: RunMessage[]; last: LogPlace | undefined }> {
    const rows = await this.dataSource.query<EventRow[]>(
      `SELECT ${columns} FROM run_event
       WHERE (xid, run_id, seq) > ($1::text::xid8, $2::uuid, $3::bigint) AND type = ANY ($4)
       ORDER BY xid, run_id, seq LIMIT $5`,
      [String(from.xid), from.runId, from.seq, typesOf(options.channels), options.limit],
    );
    const last = rows.at(-1);
    return {
      messages: rows.map(messageOf),
      last: last && { xid: BigInt(last.xid), runId: last.run_id, seq: Number(last.seq) },
    };
  }

  /**
   * In one snapshot: the oldest transaction that was still open, and the newest event of each run that has written
   * since `sinceXmin`. Once those events were published, everything below the returned `xmin` was.
   */
  async advancedRuns(
    sinceXmin: bigint,
  ): Promise<{ xmin: bigint; runs: { runId: string; lastSeq: number; firstSeq: number }[] }> {
    const rows = await this.dataSource.query<
      { xmin: string; run_id: string | null; first_seq: string; last_seq: string }[]
    >(
      `SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS xmin, e.*
       FROM (SELECT 1) one LEFT JOIN
         (SELECT run_id, min(seq) AS first_seq, max(seq) AS last_seq
          FROM run_event WHERE xid >= $1::text::xid8 GROUP BY run_id) e ON true`,
      [String(sinceXmin)],
    );
    return {
      xmin: BigInt(rows[0]?.xmin ?? sinceXmin),
      runs: rows.flatMap(({ run_id, first_seq, last_seq }) =>
        run_id === null ? [] : [{ runId: run_id, firstSeq: Number(first_seq), lastSeq: Number(last_seq) }],
      ),
    };
  }

  async currentXmin(): Promise<bigint> {
    const [row] = await this.dataSource.query<{ xmin: string }[]>(
      'SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS xmin',
    );
    if (!row) throw new Error('pg_current_snapshot() returned no row');
    return BigInt(row.xmin);
  }
}

import { Injectable, Optional } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { channelOf, channels, runEventTypes, toRunMessage } from '@gan-dashboard/shared-types';
import type { Channel, NewRunEvent, RunMessage } from '@gan-dashboard/shared-types';
import { appendQuery, messagesAt } from './append-statement';
import type { AppendAnswer, EventBatch } from './append-statement';
import { queryPrepared } from '../platform/database/prepared-query';
import type { LogHorizon } from './event-cursor';
import { RunProjects } from './run-projects';
import { FencedError, RunMissingError } from './refused-write';

/** Which events of a run are there. */
export interface LogExtent {
  /** Place of the newest event, 0 while there is none. */
  lastSeq: number;
  /** Place of the oldest event that is still kept; one after the newest when none is. */
  firstSeq: number;
}

interface EventRow {
  run_id: string;
  seq: string;
  prev_seq: string;
  type: NewRunEvent['type'];
  data: never;
  occurred_at: Date;
  xid_text: string;
}

/** Place of a row in the order of the whole log. */
export interface LogPlace {
  xid: bigint;
  runId: string;
  seq: number;
}

/** The text stands under a name of its own: ORDER BY takes an output name first, and '1000' sorts before '999'. */
const columns = 'run_id, seq, prev_seq, type, data, occurred_at, xid::text AS xid_text';

function typesOf(wanted: readonly Channel[]): string[] {
  return runEventTypes.filter((type) => wanted.includes(channelOf(type)));
}

function messageOf(row: EventRow): RunMessage {
  return toRunMessage(
    { type: row.type, data: row.data, at: row.occurred_at },
    { runId: row.run_id, seq: Number(row.seq), prevSeq: Number(row.prev_seq) },
  );
}

/** The durable log of all runs' events in Postgres. The events of a run are numbered from 1, with no hole. */
@Injectable()
export class EventLog {
  private epochPromise: Promise<string> | undefined;

  constructor(
    private readonly dataSource: DataSource,
    @Optional() private readonly runProjects: RunProjects = new RunProjects(),
  ) {}

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

  /** Where a run's log begins and ends. */
  async extent(runId: string): Promise<LogExtent> {
    const [row] = await this.dataSource.query<{ last_seq: string; first_seq: string | null }[]>(
      `SELECT last_seq, (SELECT min(seq) FROM run_event WHERE run_id = run.id) AS first_seq FROM run WHERE id = $1`,
      [runId],
    );
    const lastSeq = Number(row?.last_seq ?? 0);
    return { lastSeq, firstSeq: Number(row?.first_seq ?? lastSeq + 1) };
  }

  /**
   * Writes a batch of one run together with what follows from it (`project`), in one transaction, and gives its events
   * their places. Any process may write to any run at any time. A batch that was written before, by the same writer
   * under the same number, is not written again: its events come back with the places that they were given.
   *
   * @throws FencedError when the batch names a fence and the run has another owner by now.
   * @throws RunMissingError when there is no such run, or it was deleted.
   */
  async append(
    batch: EventBatch,
    project: (manager: EntityManager, messages: readonly RunMessage[]) => Promise<void> = () => Promise.resolve(),
  ): Promise<RunMessage[]> {
    if (batch.events.length === 0) return [];
    return this.dataSource.transaction(async (manager) => {
      const [answer] = await queryPrepared<AppendAnswer>(manager, appendQuery(batch));
      if (!answer || answer.is_deleted) throw new RunMissingError(batch.runId);
      if (batch.fence !== undefined && Number(answer.fence) !== batch.fence) {
        throw new FencedError(batch.runId, { fence: batch.fence, current: Number(answer.fence) });
      }
      this.runProjects.note(batch.runId, answer.project_id);
      if (!answer.is_new) return this.readBatch(manager, batch);
      const messages = messagesAt(batch, answer);
      await project(manager, messages);
      return messages;
    });
  }

  private async readBatch(
    manager: EntityManager,
    { runId, writerId, batch, events }: EventBatch,
  ): Promise<RunMessage[]> {
    const rows = await manager.query<EventRow[]>(
      `SELECT ${columns} FROM run_event
       WHERE run_id = $1 AND seq >= (SELECT first_seq FROM run_writer WHERE run_id = $1 AND writer_id = $2 AND batch = $3)
       ORDER BY seq LIMIT $4`,
      [runId, writerId, batch, events.length],
    );
    if (rows.length < events.length)
      throw new Error(`run ${runId}: batch ${batch} of ${writerId} is not kept any more`);
    return rows.map(messageOf);
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

  /**
   * Events of all runs from a place in the whole log up to, not including, `below`. As long as that is no more than the
   * `xmin` of a snapshot, nothing can still come in between, and the log may be read page by page.
   */
  async readAll(
    from: LogPlace,
    options: { below: bigint; limit: number; channels: readonly Channel[]; projects?: readonly string[] | undefined },
  ): Promise<{ messages: RunMessage[]; last: LogPlace | undefined }> {
    const rows = await this.dataSource.query<EventRow[]>(
      `SELECT ${columns} FROM run_event
       WHERE (xid, run_id, seq) > ($1::text::xid8, $2::uuid, $3::bigint) AND xid < $4::text::xid8 AND type = ANY ($5)
         AND ${isOfProjects('$7')}
       ORDER BY xid, run_id, seq LIMIT $6`,
      [
        ...[String(from.xid), from.runId, from.seq, String(options.below), typesOf(options.channels), options.limit],
        options.projects ?? null,
      ],
    );
    const last = rows.at(-1);
    return {
      messages: rows.map(messageOf),
      last: last && { xid: BigInt(last.xid_text), runId: last.run_id, seq: Number(last.seq) },
    };
  }

  /** Everything at or above `xmin` that is visible now, in one snapshot: few events, unless a transaction hangs. */
  async readNewest(xmin: bigint, wanted: readonly Channel[], projects?: readonly string[]): Promise<RunMessage[]> {
    const rows = await this.dataSource.query<EventRow[]>(
      `SELECT ${columns} FROM run_event
       WHERE xid >= $1::text::xid8 AND type = ANY ($2) AND ${isOfProjects('$3')} ORDER BY xid, run_id, seq`,
      [String(xmin), typesOf(wanted), projects ?? null],
    );
    return rows.map(messageOf);
  }

  /**
   * In one snapshot: its horizon, and the oldest and newest event of each run that has written since `sinceXmin`. Once
   * those events were published, everything before the returned horizon was.
   */
  async advancedRuns(
    sinceXmin: bigint,
  ): Promise<{ horizon: LogHorizon; runs: { runId: string; lastSeq: number; firstSeq: number }[] }> {
    const rows = await this.dataSource.query<
      (HorizonRow & { run_id: string | null; first_seq: string; last_seq: string; project_id: string | null })[]
    >(
      `SELECT ${horizonColumns}, e.*, run.project_id
       FROM (SELECT 1) one LEFT JOIN
         (SELECT run_id, min(seq) AS first_seq, max(seq) AS last_seq
          FROM run_event WHERE xid >= $1::text::xid8 GROUP BY run_id) e ON true
       LEFT JOIN run ON run.id = e.run_id`,
      [String(sinceXmin)],
    );
    for (const { run_id: runId, project_id: projectId } of rows) {
      if (runId !== null && projectId !== null) this.runProjects.note(runId, projectId);
    }
    return {
      horizon: horizonOf(rows[0]),
      runs: rows.flatMap(({ run_id, first_seq, last_seq }) =>
        run_id === null ? [] : [{ runId: run_id, firstSeq: Number(first_seq), lastSeq: Number(last_seq) }],
      ),
    };
  }

  async horizon(): Promise<LogHorizon> {
    const [row] = await this.dataSource.query<HorizonRow[]>(`SELECT ${horizonColumns}`);
    return horizonOf(row);
  }

  /** Everything below this transaction id may have been dropped; 0 while nothing was. */
  async droppedBelow(): Promise<bigint> {
    const [row] = await this.dataSource.query<{ dropped_below: string }[]>(
      'SELECT dropped_below::text AS dropped_below FROM event_log',
    );
    return BigInt(row?.dropped_below ?? 0);
  }
}

/** @param parameter ids of projects; NULL: of all */
function isOfProjects(parameter: string): string {
  return `(${parameter}::uuid[] IS NULL OR run_id IN (SELECT id FROM run WHERE project_id = ANY (${parameter}::uuid[])))`;
}

interface HorizonRow {
  xmin: string;
  server_start: string;
}

const horizonColumns = `pg_snapshot_xmin(pg_current_snapshot())::text AS xmin,
  floor(extract(epoch FROM pg_postmaster_start_time()))::bigint AS server_start`;

function horizonOf(row: HorizonRow | undefined): LogHorizon {
  if (!row) throw new Error('the database did not say where its log ends');
  return { xmin: BigInt(row.xmin), serverStart: Number(row.server_start) };
}

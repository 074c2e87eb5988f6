import { Injectable, Logger } from '@nestjs/common';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { RunStatus } from '@gan-dashboard/shared-types';
import { RunLogs } from './run-logs.service';
import { statusEvent } from './run-events';
import { activeStatuses } from './run-states';

const checkMs = 5_000;
/** After a restart of the database the processes need this long at most to take their locks again. */
const settleSeconds = 10;

/**
 * Finds runs whose process has died: their owner's lock is free. Such a run is marked interrupted, by whichever
 * process sees it first, so that none stays "running" for ever.
 */
@Injectable()
export class OrphanedRuns implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(OrphanedRuns.name);
  private timer: NodeJS.Timeout | undefined;
  private checking: Promise<void> = Promise.resolve();

  constructor(
    private readonly dataSource: DataSource,
    private readonly runLogs: RunLogs,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.check();
    this.timer = setInterval(() => {
      this.checking = this.check().catch((error: unknown) =>
        this.logger.debug(`runs without a process were not looked for: ${String(error)}`),
      );
    }, checkMs);
    this.timer.unref();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.checking;
  }

  private async check(): Promise<void> {
    for (const runId of await this.find()) {
      this.logger.warn(`run ${runId} is at work according to the books, but its process has gone`);
      await this.runLogs.record(runId, [
        statusEvent('interrupted', 'The server ended while this run was at work. Start it again to repeat it.'),
      ]);
    }
  }

  /**
   * One statement decides: several processes that look at once cannot both take the same run. A run that was claimed
   * but never started just goes back to the queue.
   */
  private async find(): Promise<string[]> {
    const [rows] = await this.dataSource.query<[{ id: string; status: RunStatus }[], number]>(
      `UPDATE run SET owner = NULL WHERE id IN (
         SELECT id FROM run
         WHERE status = ANY ($1) AND deleted_at IS NULL AND owner IS NOT NULL
           AND now() - pg_postmaster_start_time() > make_interval(secs => $2)
           AND NOT EXISTS (
             SELECT FROM pg_locks l WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
               AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
               AND ((l.classid::bigint << 32) | l.objid::bigint) = run.owner)
         FOR UPDATE SKIP LOCKED)
       RETURNING id, status`,
      [activeStatuses, settleSeconds],
    );
    return rows.flatMap(({ id, status }) => (status === 'queued' ? [] : [id]));
  }
}

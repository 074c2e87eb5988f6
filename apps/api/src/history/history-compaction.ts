import { Inject, Injectable, Logger } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { finalRunStatuses } from '@gan-dashboard/shared-types';
import { APP_CONFIG } from '../platform/configuration/app-config';
import type { AppConfig } from '../platform/configuration/app-config';
import { JobQueue } from '../platform/queue/job-queue';
import { defineQueue } from '../platform/queue/queue-definition';
import { LogCompactor } from './log-compactor';
import { chunkPoints } from './metric-chunk';
import { MetricCompactor } from './metric-compactor';

const metrics = defineQueue<{ subject: string }>('compact-metrics', { policy: 'short' });
const logs = defineQueue<{ runId: string }>('compact-log', { policy: 'short' });

const lookEveryMs = 5_000;
/** So many small rows are put together, though they may not fill a chunk: a reader reads no more of them. */
const mostSegments = 128;
const mostSmallChunks = 64;

/**
 * Sees to it that the history of each subject is compacted: when a chunk's worth is pending, when many small rows are,
 * and when the run has ended. A look finds what is due from the tables themselves, so that nothing is left behind by a
 * process that dies; the work is a job, which any process that takes jobs may do.
 */
@Injectable()
export class HistoryCompaction implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(HistoryCompaction.name);
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> = Promise.resolve();
  private isClosing = false;

  constructor(
    @Inject(APP_CONFIG) private readonly config: AppConfig,
    private readonly dataSource: DataSource,
    private readonly jobs: JobQueue,
    private readonly metricCompactor: MetricCompactor,
    private readonly logCompactor: LogCompactor,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (this.config.role === 'web') return;
    await this.jobs.work(metrics, ({ data, signal }) => this.metricCompactor.compact(data.subject, signal));
    await this.jobs.work(logs, ({ data }) => this.logCompactor.compact(data.runId));
    this.lookLater();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isClosing = true;
    clearTimeout(this.timer);
    await this.looking;
  }

  /** Sends a job for each subject whose history is due. */
  async look(): Promise<void> {
    for (const { subject } of await this.dueMetrics()) {
      await this.jobs.send(metrics, { subject }, { singletonKey: subject });
    }
    for (const { run_id: runId } of await this.dueLogs()) {
      await this.jobs.send(logs, { runId }, { singletonKey: runId });
    }
  }

  private lookLater(): void {
    if (this.isClosing) return;
    this.timer = setTimeout(() => {
      this.looking = this.look()
        .catch((error: unknown) => this.logger.warn(`no look for history that is to be compacted: ${String(error)}`))
        .then(() => this.lookLater());
    }, lookEveryMs);
    this.timer.unref();
  }

  private dueMetrics(): Promise<{ subject: string }[]> {
    return this.dataSource.query(
      `SELECT s.subject FROM metric_segment s LEFT JOIN run r ON r.id = s.subject
       GROUP BY s.subject, r.status
       HAVING count(*) >= $1 OR sum(s.count) >= $2 OR r.status = ANY ($3)`,
      [mostSegments, chunkPoints, finalRunStatuses],
    );
  }

  private dueLogs(): Promise<{ run_id: string }[]> {
    return this.dataSource.query(
      `SELECT c.run_id FROM log_chunk c JOIN run r ON r.id = c.run_id WHERE NOT c.is_full
       GROUP BY c.run_id, r.status
       HAVING count(*) >= $1 OR count(*) > 1 AND r.status = ANY ($2)`,
      [mostSmallChunks, finalRunStatuses],
    );
  }
}

import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable, Logger } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { reportRowLimit } from '@gan-dashboard/shared-types';
import { DatabaseSession } from '../platform/database/database-session';
import { FileStore, StorageError } from '../platform/files/file-store';
import { JobQueue } from '../platform/queue/job-queue';
import type { Job } from '../platform/queue/queue-definition';
import { traced } from '../platform/tracing/spans';
import { WorkFolders } from '../synthesis/work-folders';
import { runReportTask } from './process/report-process';
import type { ReportEntity } from './report.entity';
import { reportKey } from './report.mapper';
import { ProgressNotes } from './progress-notes';
import { reportDeletedChannel, reportQueue } from './report-queue';
import { ReportSources } from './report-sources';
import { ReportsRepository } from './reports.repository';

/** The work was cut off from outside: it says nothing about the report. */
class CutOffError extends Error {}

/** Makes reports, each in a process of its own, as jobs that any process of the role `all` or `worker` takes up. */
@Injectable()
export class ReportMaker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(ReportMaker.name);
  private readonly making = new Map<string, AbortController>();
  private isClosing = false;

  constructor(
    private readonly reports: ReportsRepository,
    private readonly queue: JobQueue,
    private readonly files: FileStore,
    private readonly folders: WorkFolders,
    private readonly sources: ReportSources,
    session: DatabaseSession,
  ) {
    session.listen(reportDeletedChannel);
    session.notifications.subscribe(({ channel, payload }) => {
      if (channel === reportDeletedChannel) this.making.get(payload)?.abort();
    });
  }

  async onApplicationBootstrap(): Promise<void> {
    // A report that has no job any more gets one.
    for (const { id } of await this.reports.unfinished()) {
      await this.queue.send(reportQueue, { report_id: id }, { singletonKey: id });
    }
    await this.queue.work(reportQueue, (job) => this.work(job));
  }

  /** What is being made is given back, to be made by another process or at the next start. */
  beforeApplicationShutdown(): void {
    this.isClosing = true;
    for (const stop of this.making.values()) stop.abort();
  }

  private async work({
    id: jobId,
    data: { report_id: id },
    signal,
    retryCount,
  }: Job<{ report_id: string }>): Promise<void> {
    const report = await this.reports.find(id);
    if (!report || report.status === 'ready' || report.status === 'failed') return;
    const stop = new AbortController();
    const cutOff = AbortSignal.any([signal, stop.signal]);
    this.making.set(id, stop);
    const folder = this.folders.ofReport(jobId);
    try {
      if (this.isClosing) throw new CutOffError('the server is stopping');
      await mkdir(folder, { recursive: true });
      await traced('make report', { 'gan_dashboard.report_id': id }, () => this.make(report, folder, cutOff));
    } catch (error) {
      await this.fail(report, error, { cutOff, isLastTry: retryCount >= reportQueue.retryLimit });
    } finally {
      this.making.delete(id);
      await rm(folder, { recursive: true, force: true });
    }
  }

  private async make(report: ReportEntity, folder: string, cutOff: AbortSignal): Promise<void> {
    const { id, title, seed, target } = report;
    const notes = new ProgressNotes((phase, percent) => this.reports.markRunning(id, phase, percent));
    notes.add(report.runId === null ? 'reading' : 'drawing rows', 0);
    const source = await this.sources.of(report, folder, cutOff);
    const paths = { json_path: join(folder, 'report.json'), html_path: join(folder, 'report.html') };
    const task = { task: 'report' as const, ...source, ...paths, title, seed, target, row_limit: reportRowLimit };
    const drawnPercent = report.runId === null ? 0 : 20;
    const { is_copying: isCopying } = await runReportTask(task, {
      signal: cutOff,
      onProgress: (phase, percent) => notes.add(phase, drawnPercent + (percent * (100 - drawnPercent)) / 100),
    });
    await notes.written();
    await this.files.put(reportKey(id, 'json'), paths.json_path);
    await this.files.put(reportKey(id, 'html'), paths.html_path);
    if (await this.reports.markReady(id, isCopying)) this.logger.log(`report ${id} is ready`);
    else await this.removeFiles(id);
  }

  /** What was cut off, or what the store did not let through, is tried again; anything else would fail again. */
  private async fail(
    { id }: ReportEntity,
    error: unknown,
    { cutOff, isLastTry }: { cutOff: AbortSignal; isLastTry: boolean },
  ): Promise<void> {
    if (!(await this.reports.find(id))) return this.removeFiles(id);
    if (cutOff.aborted || this.isClosing) throw new CutOffError(`report ${id} was cut off and is made again`);
    if (error instanceof StorageError && !isLastTry) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    this.logger.warn(`report ${id} failed: ${reason}`);
    await this.reports.markFailed(id, reason.replaceAll('\u0000', ''));
  }

  private async removeFiles(id: string): Promise<void> {
    for (const format of ['json', 'html'] as const) await this.files.remove(reportKey(id, format));
  }
}

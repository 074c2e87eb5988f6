import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable, Logger } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { DatasetColumn, NewRunEvent } from '@gan-dashboard/shared-types';
import { DatasetsService } from '../datasets/datasets.service';
import { TableService } from '../datasets/table/table.service';
import { DatabaseSession } from '../platform/database/database-session';
import { FileStore, StorageError } from '../platform/files/file-store';
import { JobQueue } from '../platform/queue/job-queue';
import type { Job } from '../platform/queue/queue-definition';
import { traced } from '../platform/tracing/spans';
import { RunLogs } from '../training/run-logs.service';
import { RunsService } from '../training/runs.service';
import { CheckpointsService } from './checkpoints.service';
import type { SampleEntity } from './sample.entity';
import { SampleGate } from './sample-gate';
import { sampleKey } from './sample.mapper';
import { SampleProcess } from './sample-process';
import { sampleQueue } from './sample-queue';
import { SamplesRepository } from './samples.repository';
import type { DrawnSample } from './samples.repository';
import { WorkFolders } from './work-folders';

/** Says which sample was deleted, to the process that may be drawing it. */
export const sampleDeletedChannel = 'sample_deleted';

/** The work was cut off from outside: it says nothing about the sample. */
class CutOffError extends Error {}

/** Draws samples, each in a process of its own, as jobs that any process of the role `all` or `worker` takes up. */
@Injectable()
export class SampleDrawer implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(SampleDrawer.name);
  private readonly drawing = new Map<string, AbortController>();
  private isClosing = false;

  constructor(
    private readonly samples: SamplesRepository,
    private readonly queue: JobQueue,
    private readonly files: FileStore,
    private readonly folders: WorkFolders,
    private readonly checkpoints: CheckpointsService,
    private readonly runs: RunsService,
    private readonly runLogs: RunLogs,
    private readonly datasets: DatasetsService,
    private readonly tables: TableService,
    private readonly gate: SampleGate,
    session: DatabaseSession,
  ) {
    session.listen(sampleDeletedChannel);
    session.notifications.subscribe(({ channel, payload }) => {
      if (channel === sampleDeletedChannel) this.drawing.get(payload)?.abort();
    });
  }

  async onApplicationBootstrap(): Promise<void> {
    // A sample that has no job any more gets one: the same seed gives the same rows.
    for (const { id } of await this.samples.pending()) {
      await this.queue.send(sampleQueue, { sample_id: id }, { singletonKey: id });
    }
    await this.queue.work(sampleQueue, (job) => this.work(job));
  }

  /** What is being drawn is given back, to be drawn by another process or at the next start. */
  beforeApplicationShutdown(): void {
    this.isClosing = true;
    for (const stop of this.drawing.values()) stop.abort();
  }

  private async work({
    id: jobId,
    data: { sample_id: id },
    signal,
    retryCount,
  }: Job<{ sample_id: string }>): Promise<void> {
    const sample = await this.samples.find(id);
    if (!sample || sample.status === 'failed') return;
    if (sample.status === 'ready') {
      // The process before this one died between the sample and its event.
      if (retryCount > 0) await this.announce(sample, sample.sizeBytes ?? 0);
      return;
    }
    const stop = new AbortController();
    const cutOff = AbortSignal.any([signal, stop.signal]);
    this.drawing.set(id, stop);
    try {
      if (this.isClosing) throw new CutOffError('the server is stopping');
      const ids = { 'gan_dashboard.sample_id': id, 'gan_dashboard.run_id': sample.runId };
      await traced('draw sample', ids, () => this.draw(sample, this.folders.ofSample(jobId), cutOff));
    } catch (error) {
      await this.fail(sample, error, { cutOff, isLastTry: retryCount >= sampleQueue.retryLimit });
    } finally {
      this.drawing.delete(id);
    }
  }

  private async draw(sample: SampleEntity, folder: string, cutOff: AbortSignal): Promise<void> {
    await mkdir(folder, { recursive: true });
    try {
      const { path, ...drawn } = await this.drawToFile(sample, folder, cutOff);
      const { size: sizeBytes } = await stat(path);
      await this.files.put(sampleKey(sample), path);
      if (await this.samples.markReady(sample.id, { sizeBytes, ...drawn })) await this.announce(sample, sizeBytes);
      else await this.files.remove(sampleKey(sample));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  private async drawToFile(
    sample: SampleEntity,
    folder: string,
    cutOff: AbortSignal,
  ): Promise<Omit<DrawnSample, 'sizeBytes'> & { path: string }> {
    const { path: checkpointPath, sha256 } = await this.checkpoints.localCopy(sample.checkpointId);
    const csvPath = join(folder, 'sample.csv');
    const process = new SampleProcess({
      task: 'sample',
      checkpoint_path: checkpointPath,
      checkpoint_sha256: sha256,
      rows: sample.rows,
      seed: sample.seed,
      csv_path: csvPath,
      conditions: sample.conditions,
      balance: sample.balance ?? undefined,
      constraints: sample.constraints,
      sequences: sample.sequences ?? undefined,
      table_path: await this.tableFor(sample),
    });
    const kill = () => process.kill();
    cutOff.addEventListener('abort', kill);
    if (cutOff.aborted) kill();
    try {
      const { columns, preview, hit_rate: hitRate = null, completed_share: completedShare = null } = await process.done;
      const path = sample.format === 'csv' ? csvPath : await this.toParquet(sample, csvPath, columns);
      const checked = await this.gate.check(sample, { csvPath, folder, names: columns }, cutOff);
      return { path, columns, preview, hitRate, completedShare, ...checked };
    } finally {
      cutOff.removeEventListener('abort', kill);
    }
  }

  /** The rows that the run was trained on, which fixed combinations are read from; undefined where none are asked for. */
  private async tableFor({ runId, constraints }: SampleEntity): Promise<string | undefined> {
    if (!constraints.some(({ kind }) => kind === 'fixed_combinations')) return undefined;
    const { dataset_id: datasetId } = await this.runs.get(runId);
    return (await this.datasets.trainingSource(datasetId ?? '')).parquetPath;
  }

  private async toParquet(sample: SampleEntity, csvPath: string, names: string[]): Promise<string> {
    const run = await this.runs.get(sample.runId);
    const columns = await this.datasets.columnsOf(run.dataset_id ?? '');
    const byName = new Map(columns.map((column) => [column.name, column]));
    const parquetPath = csvPath.replace(/csv$/, 'parquet');
    await this.tables.csvToParquet({
      csvPath,
      parquetPath,
      columns: names.map((name) => byName.get(name) ?? sequenceNumber(name)),
    });
    return parquetPath;
  }

  /** What was cut off, or what the store did not let through, is tried again; anything else would fail again. */
  private async fail(
    sample: SampleEntity,
    error: unknown,
    { cutOff, isLastTry }: { cutOff: AbortSignal; isLastTry: boolean },
  ): Promise<void> {
    const found = await this.samples.find(sample.id);
    if (!found) {
      await this.files.remove(sampleKey(sample));
      return;
    }
    // Drawn, but its event could not be recorded: the next try does only that.
    if (found.status === 'ready') throw error;
    if (cutOff.aborted || this.isClosing) throw new CutOffError(`sample ${sample.id} was cut off and is drawn again`);
    if (error instanceof StorageError && !isLastTry) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    this.logger.warn(`sample ${sample.id} failed: ${reason}`);
    if (!(await this.samples.markFailed(sample.id, reason))) return;
    await this.record(sample, {
      type: 'sample_generation_error',
      data: { sample_id: sample.id, error: reason },
      at: new Date(),
    });
  }

  private async announce(sample: SampleEntity, sizeBytes: number): Promise<void> {
    const { id, rows, seed, format } = sample;
    const data = { sample_id: id, rows, seed, format, size_bytes: sizeBytes };
    await this.record(sample, { type: 'sample_generation_complete', data, at: new Date() });
  }

  private async record({ runId }: SampleEntity, event: NewRunEvent): Promise<void> {
    await this.runLogs.record(runId, [event]);
  }
}

/** The column that models of sequences put before those of the table. */
function sequenceNumber(name: string): DatasetColumn {
  return { name, type: 'integer', role: 'id', missing: 0, distinct: 0 };
}

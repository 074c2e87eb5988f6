import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import type { Sample, SampleCreate, WorkerMessage } from '@gan-dashboard/shared-types';
import { DatasetsService } from '../datasets/datasets.service';
import { TableService } from '../datasets/table/table.service';
import { APP_CONFIG } from '../platform/configuration/app-config';
import type { AppConfig } from '../platform/configuration/app-config';
import { conflict, notFound } from '../platform/http/problem';
import { RunLogs } from '../training/run-logs.service';
import { RunsService } from '../training/runs.service';
import { CheckpointsService } from './checkpoints.service';
import { SampleEntity } from './sample.entity';
import { SampleProcess } from './sample-process';

type Sampled = Extract<WorkerMessage, { kind: 'sampled' }>;

function toSample(entity: SampleEntity): Sample {
  return {
    id: entity.id,
    created_at: entity.createdAt.toISOString(),
    run_id: entity.runId,
    checkpoint_id: entity.checkpointId,
    rows: entity.rows,
    seed: entity.seed,
    format: entity.format,
    status: entity.status,
    error: entity.error,
    size_bytes: entity.sizeBytes,
    columns: entity.columns,
    preview: entity.preview,
  };
}

/** Draws synthetic rows from checkpoints, each sample in a process of its own, one after the other. */
@Injectable()
export class SamplesService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(SamplesService.name);
  private queue: Promise<void> = Promise.resolve();
  private current: SampleProcess | undefined;
  private isClosing = false;

  constructor(
    @InjectRepository(SampleEntity) private readonly samples: Repository<SampleEntity>,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
    private readonly runs: RunsService,
    private readonly runLogs: RunLogs,
    private readonly checkpoints: CheckpointsService,
    private readonly datasets: DatasetsService,
    private readonly tables: TableService,
  ) {}

  /** What was being drawn when the server ended is drawn again: the same seed gives the same rows. */
  async onApplicationBootstrap(): Promise<void> {
    const pending = await this.samples.find({ where: { status: 'pending' }, order: { createdAt: 'ASC' } });
    for (const sample of pending) this.enqueue(sample.id);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isClosing = true;
    this.current?.kill();
    await this.queue;
  }

  /** @throws ProblemException 404 unknown run or checkpoint, 409 no checkpoint yet. */
  async create(runId: string, request: SampleCreate): Promise<Sample> {
    await this.runs.get(runId);
    const checkpoint = await this.checkpoints.pick(runId, request.checkpoint_id);
    const entity = this.samples.create({
      id: randomUUID(),
      createdAt: new Date(),
      runId,
      checkpointId: checkpoint.id,
      rows: request.rows,
      seed: request.seed,
      format: request.format,
      status: 'pending',
      error: null,
      sizeBytes: null,
      columns: [],
      preview: [],
    });
    await this.samples.insert(entity);
    this.enqueue(entity.id);
    return toSample(entity);
  }

  async get(id: string): Promise<Sample> {
    return toSample(await this.require(id));
  }

  async ofRun(runId: string): Promise<Sample[]> {
    await this.runs.get(runId);
    const entities = await this.samples.find({ where: { runId }, order: { createdAt: 'DESC' } });
    return entities.map(toSample);
  }

  /** @throws ProblemException 404, or 409 while the sample is not ready or when it failed. */
  async file(id: string): Promise<{ path: string; fileName: string; format: Sample['format'] }> {
    const sample = await this.require(id);
    if (sample.status === 'pending')
      throw conflict('The sample is still being drawn. Ask again when its status is ready.');
    if (sample.status === 'failed')
      throw conflict(`The sample could not be drawn: ${sample.error ?? 'unknown reason'}`);
    const run = await this.runs.get(sample.runId);
    const name = run.name.replace(/[^\p{L}\p{N}._-]+/gu, '_').slice(0, 80);
    return {
      path: this.pathOf(sample.id, sample.format),
      fileName: `${name}_${sample.rows}_rows_seed_${sample.seed}.${sample.format}`,
      format: sample.format,
    };
  }

  private enqueue(id: string): void {
    this.queue = this.queue
      .then(() => this.draw(id))
      .catch((error: unknown) => this.logger.error(error instanceof Error ? error.stack : String(error)));
  }

  private async draw(id: string): Promise<void> {
    if (this.isClosing) return;
    const sample = await this.require(id);
    try {
      const sampled = await this.drawToFile(sample);
      const { size } = await stat(this.pathOf(id, sample.format));
      const { columns, preview } = sampled;
      await this.samples.update({ id }, { status: 'ready', sizeBytes: size, columns, preview });
      const data = { sample_id: id, rows: sample.rows, seed: sample.seed, format: sample.format, size_bytes: size };
      await this.runLogs.record(sample.runId, [{ type: 'sample_generation_complete', data, at: new Date() }]);
    } catch (error) {
      // A sample that the shutdown cut off stays pending and is drawn at the next start.
      if (this.isClosing) return;
      const reason = error instanceof Error ? error.message : String(error);
      this.logger.warn(`sample ${id} failed: ${reason}`);
      await this.samples.update({ id }, { status: 'failed', error: reason });
      await this.runLogs.record(sample.runId, [
        { type: 'sample_generation_error', data: { sample_id: id, error: reason }, at: new Date() },
      ]);
    }
  }

  private async drawToFile(sample: SampleEntity): Promise<Sampled> {
    await mkdir(join(this.config.dataDir, 'samples'), { recursive: true });
    const { path, checkpoint } = await this.checkpoints.file(sample.checkpointId);
    const csvPath = this.pathOf(sample.id, 'csv');
    const partPath = `${csvPath}.part`;
    this.current = new SampleProcess({
      task: 'sample',
      checkpoint_path: path,
      checkpoint_sha256: checkpoint.sha256,
      rows: sample.rows,
      seed: sample.seed,
      csv_path: partPath,
    });
    try {
      const sampled = await this.current.done;
      await rename(partPath, csvPath);
      if (sample.format === 'parquet') await this.toParquet(sample, csvPath, sampled.columns);
      return sampled;
    } finally {
      this.current = undefined;
      await rm(partPath, { force: true });
    }
  }

  private async toParquet(sample: SampleEntity, csvPath: string, names: string[]): Promise<void> {
    const run = await this.runs.get(sample.runId);
    const columns = await this.datasets.columnsOf(run.dataset_id ?? '');
    const byName = new Map(columns.map((column) => [column.name, column]));
    await this.tables.csvToParquet({
      csvPath,
      parquetPath: this.pathOf(sample.id, 'parquet'),
      columns: names.flatMap((name) => byName.get(name) ?? []),
    });
    await rm(csvPath, { force: true });
  }

  private pathOf(id: string, format: Sample['format']): string {
    return join(this.config.dataDir, 'samples', `${id}.${format}`);
  }

  private async require(id: string): Promise<SampleEntity> {
    const sample = await this.samples.findOneBy({ id });
    if (!sample) throw notFound('sample', id);
    return sample;
  }
}

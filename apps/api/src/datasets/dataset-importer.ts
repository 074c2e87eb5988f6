import { Injectable, Logger } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { DatabaseSession } from '../platform/database/database-session';
import { traced } from '../platform/tracing/spans';
import type { DatasetEntity } from './dataset.entity';
import { DatasetFiles } from './dataset-files';
import { DatasetsRepository } from './datasets.repository';
import type { Inspection } from './table/table-protocol';
import { TableJobCancelled, TableJobError } from './table/table-process';
import { TableService } from './table/table.service';

const takeOverMs = 5_000;

/**
 * Turns registered sources into typed tables, in the background: a data set is `importing` until this makes it
 * `ready` or `failed`. An import belongs to the server, not to the request that gave rise to it.
 */
@Injectable()
export class DatasetImporter implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(DatasetImporter.name);
  private timer: NodeJS.Timeout | undefined;
  private takingOver: Promise<void> = Promise.resolve();
  private readonly running = new Map<string, { stop: AbortController; done: Promise<void> }>();

  constructor(
    private readonly repository: DatasetsRepository,
    private readonly files: DatasetFiles,
    private readonly tables: TableService,
    private readonly session: DatabaseSession,
  ) {}

  /** Takes up the imports of processes that are gone, now and from time to time. */
  async onApplicationBootstrap(): Promise<void> {
    await this.takeOver();
    this.timer = setInterval(() => {
      this.takingOver = this.takeOver().catch((error: unknown) =>
        this.logger.debug(`imports without a process were not looked for: ${String(error)}`),
      );
    }, takeOverMs);
    this.timer.unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.takingOver;
    for (const { stop } of this.running.values()) stop.abort();
    await Promise.all([...this.running.values()].map(({ done }) => done));
  }

  /** Begins an import and returns at once. */
  start(dataset: DatasetEntity, inspection?: Inspection): void {
    if (this.running.has(dataset.id)) return;
    const stop = new AbortController();
    const done = this.import(dataset, { inspection, signal: stop.signal }).finally(() =>
      this.running.delete(dataset.id),
    );
    this.running.set(dataset.id, { stop, done });
  }

  /** Resolves when an import of this process has ended, or at once where there is none. */
  async settled(id: string): Promise<void> {
    await this.running.get(id)?.done;
  }

  /** Gives up an import, and waits until nothing writes to the data set's folder any more. */
  async cancel(id: string): Promise<void> {
    const running = this.running.get(id);
    running?.stop.abort();
    await running?.done;
  }

  private async takeOver(): Promise<void> {
    for (const dataset of await this.repository.takeOverImports(this.session.instanceKey)) {
      if (await this.files.hasSource(dataset.id)) this.start(dataset);
      else await this.repository.markFailed(dataset.id, 'The source file is gone. Upload it again.');
    }
  }

  private async import(
    dataset: DatasetEntity,
    { inspection, signal }: { inspection: Inspection | undefined; signal: AbortSignal },
  ): Promise<void> {
    const { id } = dataset;
    try {
      const csvPath = await this.files.source(id);
      const result = await traced('import data set', { 'gan_dashboard.dataset_id': id }, () =>
        this.tables.importCsv({ csvPath, parquetPath: this.files.incomingParquet(id), inspection, signal }),
      );
      await this.files.keepParquet(id);
      const isLive = await this.repository.markReady(id, result, [...dataset.warnings, ...result.warnings]);
      if (isLive) this.logger.log(`data set ${id}: ${result.row_count} rows imported`);
      else await this.files.remove(id);
    } catch (error) {
      // Given up on shutdown: it stays `importing`, and the next start takes it up.
      if (error instanceof TableJobCancelled) return;
      await this.fail(id, error);
    }
  }

  private async fail(id: string, error: unknown): Promise<void> {
    const isKnown = error instanceof TableJobError;
    if (isKnown) this.logger.warn(`data set ${id}: import failed: ${error.message}`);
    else this.logger.error(`data set ${id}: import failed`, error instanceof Error ? error.stack : String(error));
    const reason = isKnown ? error.message : 'The server could not import the file; its log says why. Upload it again.';
    try {
      await this.repository.markFailed(id, reason.replaceAll('\u0000', ''));
    } catch (databaseError) {
      this.logger.error(`data set ${id}: its failure could not be stored`, String(databaseError));
    }
  }
}

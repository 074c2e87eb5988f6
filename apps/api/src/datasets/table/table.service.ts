import { Inject, Injectable, Logger } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnModuleInit } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { copyFile, link, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import type { DatasetColumn, DatasetPreview } from '@gan-dashboard/shared-types';
import { APP_CONFIG } from '../../platform/configuration/app-config';
import type { AppConfig } from '../../platform/configuration/app-config';
import { Lane } from './lane';
import { parquetFile, resultSchemas, sourceFile } from './table-protocol';
import type { ImportResult, Inspection, OrderBookJob, OrderBookResult, TableJob } from './table-protocol';
import { runTableJob, TableJobError } from './table-process';

const importTimeMs = 30 * 60_000;
const previewTimeMs = 60_000;
const concurrentImports = 2;
const concurrentPreviews = 2;
const abandonedAfterMs = 24 * 3600_000;

/** What a job takes in and gives out, by their fixed names in its folder. */
interface JobFiles {
  inputs: Record<string, string>;
  outputs: Record<string, string>;
}

/**
 * Reads and writes tables in processes of their own, a few at a time. Each job gets a folder that holds only its
 * files, and can reach nothing else.
 */
@Injectable()
export class TableService implements OnModuleInit, BeforeApplicationShutdown {
  private readonly logger = new Logger(TableService.name);
  private readonly shutdown = new AbortController();
  private readonly imports = new Lane(concurrentImports);
  private readonly previews = new Lane(concurrentPreviews);
  private readonly running = new Set<Promise<unknown>>();

  constructor(@Inject(APP_CONFIG) private readonly config: AppConfig) {}

  async onModuleInit(): Promise<void> {
    await this.removeAbandoned();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.shutdown.abort();
    await Promise.allSettled(this.running);
  }

  /**
   * Imports a CSV as typed Parquet and profiles it.
   *
   * @throws TableJobError with the reason in words for people; TableJobCancelled on shutdown or `signal`.
   */
  async importCsv(request: {
    csvPath: string;
    parquetPath: string;
    inspection?: Inspection | undefined;
    signal?: AbortSignal;
  }): Promise<ImportResult> {
    const { csvPath, parquetPath, inspection } = request;
    const files = { inputs: { [sourceFile]: csvPath }, outputs: { [parquetFile]: parquetPath } };
    return this.imports.run(async () => {
      const result = await this.inFolder(
        files,
        (folder) => ({ job: 'import', ...this.limits(folder), ...(inspection ? { inspection } : {}) }),
        { timeLimitMs: importTimeMs, signal: request.signal },
      );
      return resultSchemas.import.parse(result);
    });
  }

  /** The first `rows` rows of a Parquet file that an import wrote, and points to draw it. */
  async preview(parquetPath: string, columns: readonly DatasetColumn[], rows: number): Promise<DatasetPreview> {
    const files = { inputs: { [parquetFile]: parquetPath }, outputs: {} };
    return this.previews.run(async () => {
      const result = await this.inFolder(
        files,
        (folder) => ({ job: 'preview', ...this.limits(folder), columns: [...columns], rows }),
        { timeLimitMs: previewTimeMs },
      );
      return resultSchemas.preview.parse(result);
    });
  }

  /**
   * Writes a CSV of known columns (comma, double quotes, UTF-8, with header) as Parquet.
   *
   * @returns the number of rows.
   * @throws TableJobError where a cell is not of its column's type.
   */
  async csvToParquet(request: {
    csvPath: string;
    parquetPath: string;
    columns: readonly DatasetColumn[];
  }): Promise<number> {
    const { csvPath, parquetPath, columns } = request;
    const files = { inputs: { [sourceFile]: csvPath }, outputs: { [parquetFile]: parquetPath } };
    return this.imports.run(async () => {
      const result = await this.inFolder(
        files,
        (folder) => ({ job: 'typed-parquet', ...this.limits(folder), columns: [...columns] }),
        { timeLimitMs: importTimeMs },
      );
      return resultSchemas['typed-parquet'].parse(result).row_count;
    });
  }

  /**
   * Counts the faults of an order book, infers its tick where none is given, and draws it where that is asked for.
   *
   * @param rows a Parquet file, or a CSV of the same columns with header
   * @throws TableJobError where the rows cannot be read or have no price
   */
  async orderBook(
    rows: { path: string; isCsv: boolean },
    book: Pick<OrderBookJob, 'columns' | 'levels' | 'tick_size' | 'is_drawn'>,
  ): Promise<OrderBookResult> {
    const files = { inputs: { [rows.isCsv ? sourceFile : parquetFile]: rows.path }, outputs: {} };
    return this.previews.run(async () => {
      const result = await this.inFolder(
        files,
        (folder) => ({ job: 'order-book', ...this.limits(folder), ...book, is_csv: rows.isCsv }),
        { timeLimitMs: previewTimeMs },
      );
      return resultSchemas['order-book'].parse(result);
    });
  }

  private async inFolder(
    files: JobFiles,
    jobIn: (folder: string) => TableJob,
    { timeLimitMs, signal }: { timeLimitMs: number; signal?: AbortSignal | undefined },
  ): Promise<unknown> {
    const folder = join(this.jobsFolder(), randomUUID());
    await mkdir(folder, { recursive: true });
    try {
      for (const [name, path] of Object.entries(files.inputs)) await place(path, join(folder, name));
      const stop = signal ? AbortSignal.any([signal, this.shutdown.signal]) : this.shutdown.signal;
      const result = await this.tracked(runTableJob(jobIn(folder), { timeLimitMs, signal: stop }));
      for (const [name, path] of Object.entries(files.outputs)) {
        await mkdir(dirname(path), { recursive: true });
        await rename(join(folder, name), path);
      }
      return result;
    } catch (error) {
      if (error instanceof TableJobError && error.log) this.logger.error(error.log);
      throw error;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  private async tracked(job: Promise<unknown>): Promise<unknown> {
    this.running.add(job);
    try {
      return await job;
    } finally {
      this.running.delete(job);
    }
  }

  private limits(folder: string): { folder: string; memory_mb: number; threads: number } {
    return { folder, memory_mb: this.config.tableMemoryMb, threads: Math.min(2, availableParallelism()) };
  }

  private jobsFolder(): string {
    return join(this.config.dataDir, 'table-jobs');
  }

  /** Folders of jobs whose server was killed; another server on the same data may have younger ones. */
  private async removeAbandoned(): Promise<void> {
    await mkdir(this.jobsFolder(), { recursive: true });
    for (const name of await readdir(this.jobsFolder())) {
      const folder = join(this.jobsFolder(), name);
      const { mtimeMs } = await stat(folder);
      if (Date.now() - mtimeMs > abandonedAfterMs) await rm(folder, { recursive: true, force: true });
    }
  }
}

/** Puts a file into a job's folder: as a hard link where the file system has them, else as a copy. */
async function place(path: string, target: string): Promise<void> {
  try {
    await link(path, target);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw error;
    await copyFile(path, target);
  }
}

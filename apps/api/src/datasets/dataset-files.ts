import { Inject, Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { APP_CONFIG } from '../platform/configuration/app-config';
import type { AppConfig } from '../platform/configuration/app-config';
import { filesUnder } from '../platform/files/disk';
import { FileStore } from '../platform/files/file-store';
import { parquetFile, sourceFile } from './table/table-protocol';

/** What lies in the folder of incoming files for this long belongs to a process that was killed. */
const abandonedMs = 24 * 3_600_000;

/** The files of data sets: on the way in on this machine, then in the store. */
@Injectable()
export class DatasetFiles implements OnModuleInit {
  constructor(
    @Inject(APP_CONFIG) private readonly config: AppConfig,
    private readonly files: FileStore,
  ) {}

  async onModuleInit(): Promise<void> {
    await mkdir(this.incomingFolder(), { recursive: true });
    for (const { path, modifiedMs } of await filesUnder(this.incomingFolder())) {
      if (Date.now() - modifiedMs > abandonedMs) await rm(path, { force: true });
    }
  }

  /** Folder in which an administrator puts CSV files to be listed. */
  watchedFolder(): string {
    return join(this.config.dataDir, 'csv');
  }

  /** Where the source of a data set is written on its way in. */
  incomingSource(id: string): string {
    return join(this.incomingFolder(), `${id}.csv`);
  }

  /** Where an import writes the rows of a data set. */
  incomingParquet(id: string): string {
    return join(this.incomingFolder(), `${id}.parquet`);
  }

  /** Puts what came in into the store. */
  async keepSource(id: string): Promise<void> {
    await this.keep(this.sourceKey(id), this.incomingSource(id));
  }

  async keepParquet(id: string): Promise<void> {
    await this.keep(this.parquetKey(id), this.incomingParquet(id));
  }

  sourceKey(id: string): string {
    return `datasets/${id}/${sourceFile}`;
  }

  async hasSource(id: string): Promise<boolean> {
    return (await this.files.size(this.sourceKey(id))) !== undefined;
  }

  /** A copy on this machine. @throws FileMissingError, FileDamagedError, StorageError */
  source(id: string): Promise<string> {
    return this.files.local(this.sourceKey(id));
  }

  /** The rows as Parquet, on this machine. @throws FileMissingError, FileDamagedError, StorageError */
  parquet(id: string): Promise<string> {
    return this.files.local(this.parquetKey(id));
  }

  async remove(id: string): Promise<void> {
    for (const path of [this.incomingSource(id), this.incomingParquet(id)]) await rm(path, { force: true });
    for (const key of [this.sourceKey(id), this.parquetKey(id)]) await this.files.remove(key);
  }

  private async keep(key: string, path: string): Promise<void> {
    await this.files.put(key, path);
    await rm(path);
  }

  private parquetKey(id: string): string {
    return `datasets/${id}/${parquetFile}`;
  }

  private incomingFolder(): string {
    return join(this.config.dataDir, 'incoming');
  }
}

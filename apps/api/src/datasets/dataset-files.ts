import { Inject, Injectable } from '@nestjs/common';
import { access, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { APP_CONFIG } from '../platform/configuration/app-config';
import type { AppConfig } from '../platform/configuration/app-config';
import { parquetFile, sourceFile } from './table/table-protocol';

/** Where the files of data sets lie. Paths are made from ids of ours, never from a name that someone gave. */
@Injectable()
export class DatasetFiles {
  constructor(@Inject(APP_CONFIG) private readonly config: AppConfig) {}

  sourcePath(id: string): string {
    return join(this.folder(id), sourceFile);
  }

  parquetPath(id: string): string {
    return join(this.folder(id), parquetFile);
  }

  /** Folder in which an administrator puts CSV files to be listed. */
  watchedFolder(): string {
    return join(this.config.dataDir, 'csv');
  }

  async createFolder(id: string): Promise<void> {
    await mkdir(this.folder(id), { recursive: true });
  }

  async remove(id: string): Promise<void> {
    await rm(this.folder(id), { recursive: true, force: true });
  }

  async hasSource(id: string): Promise<boolean> {
    return access(this.sourcePath(id)).then(
      () => true,
      () => false,
    );
  }

  private folder(id: string): string {
    return join(this.config.dataDir, 'datasets', id);
  }
}

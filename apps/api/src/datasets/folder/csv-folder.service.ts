import { Inject, Injectable, Logger } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { APP_CONFIG } from '../../platform/configuration/app-config';
import type { AppConfig } from '../../platform/configuration/app-config';
import { DatasetFiles } from '../dataset-files';
import { DatasetRegistry } from '../dataset-registry';
import { DatasetsRepository } from '../datasets.repository';
import { safeFileName } from '../upload/file-name';
import { storeSource } from '../upload/store-source';

/** A file that changed less than this ago may still be being written: it is looked at again after it. */
const settleMs = 2_000;

/**
 * Registers the CSV files that an administrator puts into `<data>/csv`: a copy of each new file and of each new
 * content of a known one. Data sets whose file is gone stay as they are.
 */
@Injectable()
export class CsvFolder implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(CsvFolder.name);
  /** Size and time of each file when it was last looked into: what did not change is not read again. */
  private readonly seen = new Map<string, string>();
  private scanning: Promise<void> | undefined;
  private rescan: NodeJS.Timeout | undefined;
  private isClosing = false;

  constructor(
    @Inject(APP_CONFIG) private readonly config: AppConfig,
    private readonly files: DatasetFiles,
    private readonly repository: DatasetsRepository,
    private readonly registry: DatasetRegistry,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await mkdir(this.files.watchedFolder(), { recursive: true });
    // In the background: a start must not wait for large files to be copied.
    void this.scan();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isClosing = true;
    clearTimeout(this.rescan);
    await this.scanning;
  }

  /** Registers what is new. Calls at the same time share one scan; it never rejects. */
  scan(): Promise<void> {
    // What is listed is the business of those that show the list.
    if (this.isClosing || this.config.role === 'worker') return Promise.resolve();
    this.scanning ??= this.scanOnce()
      .catch((error: unknown) => this.logger.error('the csv folder could not be read', String(error)))
      .finally(() => (this.scanning = undefined));
    return this.scanning;
  }

  private async scanOnce(): Promise<void> {
    const entries = await readdir(this.files.watchedFolder(), { withFileTypes: true });
    const names = entries.filter((entry) => entry.isFile() && /\.(csv|tsv)$/i.test(entry.name)).map(({ name }) => name);
    for (const name of names.sort()) {
      if (this.isClosing) return;
      try {
        await this.look(name);
      } catch (error) {
        this.logger.error(`${JSON.stringify(name)} in the csv folder could not be registered`, String(error));
      }
    }
  }

  private async look(name: string): Promise<void> {
    const path = join(this.files.watchedFolder(), name);
    const before = await stat(path);
    const state = `${before.size} ${before.mtimeMs}`;
    if (this.seen.get(name) === state) return;
    if (Date.now() - before.mtimeMs < settleMs) {
      this.lookAgainSoon();
      return;
    }
    const id = randomUUID();
    let isKept = false;
    try {
      const stored = await storeSource(createReadStream(path), this.files.incomingSource(id), Number.MAX_SAFE_INTEGER);
      const after = await stat(path);
      if (`${after.size} ${after.mtimeMs}` !== state) {
        this.lookAgainSoon();
        return;
      }
      const fileName = safeFileName(name);
      if (!(await this.repository.isRegistered(fileName, stored.sha256))) {
        await this.files.keepSource(id);
        isKept = await this.registry.registerFromFolder({ id, fileName, stored });
      }
      this.seen.set(name, state);
    } finally {
      if (!isKept) await this.files.remove(id);
    }
  }

  private lookAgainSoon(): void {
    clearTimeout(this.rescan);
    this.rescan = setTimeout(() => void this.scan(), settleMs);
    this.rescan.unref();
  }
}

import { rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { filesUnder, partSuffix, removeFile, statFile, writeWhole } from './disk';
import type { DiskFile } from './disk';

/** A copy that was handed out is left alone for this long: whoever got its path has opened it by then. */
const graceMs = 3_600_000;
/** An unfinished copy of this age belongs to a process that was killed. */
const abandonedMs = 24 * 3_600_000;

/**
 * Copies of a store's files on this machine, in no more than `maxBytes` as far as none of them is in use: the least
 * recently used go first. The time of the last use is the file's own, so that it outlives the process and is shared by
 * those that share the folder.
 */
export class FileCache {
  private readonly logger = new Logger(FileCache.name);
  private trimming: Promise<void> = Promise.resolve();

  constructor(
    private readonly folder: string,
    private readonly options: { maxBytes: number; now?: () => number },
  ) {}

  /** The path of a copy; undefined where there is none. */
  async find(key: string): Promise<string | undefined> {
    const path = join(this.folder, key);
    if (!(await statFile(path))) return undefined;
    try {
      await this.touch(path);
      return path;
    } catch {
      // Another process on the folder was faster and removed it.
      return undefined;
    }
  }

  /** Lets `write` make the copy, makes room, and returns its path. */
  async add(key: string, write: (part: string) => Promise<void>): Promise<string> {
    const path = join(this.folder, key);
    await writeWhole(path, write);
    await this.touch(path);
    this.trimming = this.trimming.then(() => this.trim());
    await this.trimming;
    return path;
  }

  async forget(key: string): Promise<void> {
    await removeFile(join(this.folder, key), this.folder);
  }

  private async touch(path: string): Promise<void> {
    const now = new Date(this.now());
    await utimes(path, now, now);
  }

  /** A cache that could not be trimmed is only too large: that fails nobody's request. */
  private async trim(): Promise<void> {
    try {
      const files = await filesUnder(this.folder);
      const whole = await this.withoutAbandoned(files);
      let used = whole.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
      for (const file of whole.sort((one, other) => one.modifiedMs - other.modifiedMs)) {
        if (used <= this.options.maxBytes || this.now() - file.modifiedMs < graceMs) return;
        await removeFile(file.path, this.folder);
        used -= file.sizeBytes;
      }
    } catch (error) {
      this.logger.warn(`the cache ${this.folder} could not be trimmed: ${String(error)}`);
    }
  }

  private async withoutAbandoned(files: DiskFile[]): Promise<DiskFile[]> {
    const parts = files.filter(({ path }) => path.endsWith(partSuffix));
    for (const { path, modifiedMs } of parts)
      if (this.now() - modifiedMs > abandonedMs) await rm(path, { force: true });
    return files.filter(({ path }) => !path.endsWith(partSuffix));
  }

  private now(): number {
    return this.options.now?.() ?? Date.now();
  }
}

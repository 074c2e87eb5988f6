import { Inject, Injectable, Logger } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { lstat, readdir, rm, rmdir } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { CheckpointError, inspectCheckpoint } from '@gan-dashboard/trainer';
import type { CheckpointFile } from '@gan-dashboard/shared-types';
import { APP_CONFIG } from '../platform/configuration/app-config';
import type { AppConfig } from '../platform/configuration/app-config';
import { codeOf, filesUnder, partSuffix } from '../platform/files/disk';

/** Nothing was written for this long: whoever worked there does not come back for it. */
const abandonedMs = 7 * 24 * 3_600_000;

/** Folders of this machine in which trainers write, one for each time that a process takes a run up. */
@Injectable()
export class WorkFolders implements OnModuleInit {
  private readonly logger = new Logger(WorkFolders.name);

  constructor(@Inject(APP_CONFIG) private readonly config: AppConfig) {}

  async onModuleInit(): Promise<void> {
    const names = await readdir(this.root()).catch((error: unknown) => {
      if (codeOf(error) === 'ENOENT') return [];
      throw error;
    });
    for (const name of names) await this.removeAbandoned(join(this.root(), name));
  }

  /** For the attempt at a run that has this fence. */
  of(runId: string, fence: number): string {
    return join(this.ofRun(runId), String(fence));
  }

  /** For one sample. */
  ofSample(jobId: string): string {
    return join(this.root(), 'samples', jobId);
  }

  /** For one report. */
  ofReport(jobId: string): string {
    return join(this.root(), 'reports', jobId);
  }

  /** @throws Error where a path that a trainer reported is no file in a work folder of its run. */
  async check(runId: string, path: string): Promise<void> {
    const isInside = resolve(path).startsWith(resolve(this.ofRun(runId)) + sep);
    if (!isInside) throw new Error('the trainer wrote its checkpoint outside of its folder');
    // A link could lead to anything that this process may read.
    if (!(await lstat(path)).isFile()) throw new Error('the checkpoint that the trainer reported is no file');
  }

  /** The whole and undamaged checkpoints that lie in the work folders of a run, oldest first. */
  async checkpointsOf(runId: string): Promise<Omit<CheckpointFile, 'reason'>[]> {
    const found: Omit<CheckpointFile, 'reason'>[] = [];
    for (const { path } of await filesUnder(this.ofRun(runId))) {
      if (path.endsWith(partSuffix)) continue;
      try {
        found.push(await inspectCheckpoint(path));
      } catch (error) {
        if (!(error instanceof CheckpointError) && codeOf(error) !== 'ENOENT') throw error;
        this.logger.warn(`${path} was left by an attempt at run ${runId} and cannot be used: ${String(error)}`);
      }
    }
    return found.sort((one, other) => one.step - other.step);
  }

  async removeOf(runId: string): Promise<void> {
    await rm(this.ofRun(runId), { recursive: true, force: true });
  }

  /** Removes the folder of an attempt that has ended, unless something is in it that nobody has recorded. */
  async close(runId: string, fence: number): Promise<void> {
    const folder = this.of(runId, fence);
    const files = await filesUnder(folder);
    if (files.some(({ path }) => !path.endsWith(partSuffix))) return;
    await rm(folder, { recursive: true, force: true });
    // Fails where another attempt's folder lies beside it, which is to stay.
    await rmdir(dirname(folder)).catch(() => undefined);
  }

  private ofRun(runId: string): string {
    return join(this.root(), runId);
  }

  private async removeAbandoned(folder: string): Promise<void> {
    const files = await filesUnder(folder);
    const own = await lstat(folder);
    const touched = Math.max(own.mtimeMs, ...files.map(({ modifiedMs }) => modifiedMs));
    if (Date.now() - touched > abandonedMs) await rm(folder, { recursive: true, force: true });
  }

  private root(): string {
    return join(this.config.dataDir, 'work');
  }
}

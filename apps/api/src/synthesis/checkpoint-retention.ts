import { Inject, Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { APP_CONFIG } from '../platform/configuration/app-config';
import type { AppConfig } from '../platform/configuration/app-config';
import { FileStore } from '../platform/files/file-store';
import type { CheckpointEntity } from './checkpoint.entity';
import { checkpointKey } from './checkpoint-key';
import { CheckpointsRepository } from './checkpoints.repository';

/** Of these checkpoints, the ids of those that something needs; asked within the transaction that would remove them. */
export type CheckpointUse = (manager: EntityManager, ids: string[]) => Promise<string[]>;

/**
 * Removes the files of old checkpoints. Of each run stay the newest `CHECKPOINTS_KEEP_LAST` (so always its last one),
 * its best one, those that people pinned, and those that something needs. What was removed stays in the books.
 */
@Injectable()
export class CheckpointRetention {
  private readonly logger = new Logger(CheckpointRetention.name);
  private readonly uses: CheckpointUse[] = [];

  constructor(
    @Inject(APP_CONFIG) private readonly config: AppConfig,
    private readonly repository: CheckpointsRepository,
    private readonly files: FileStore,
  ) {}

  /** A checkpoint keeps its file while any of these names it. */
  keepWhile(use: CheckpointUse): void {
    this.uses.push(use);
  }

  /** @returns the ids of the checkpoints whose files were removed. */
  async prune(runId: string): Promise<string[]> {
    if (this.config.checkpointsKeepLast === 0) return [];
    const removed = await this.repository.remove(runId, (present, manager) => this.choose(present, manager));
    for (const checkpoint of removed) await this.removeFile(checkpoint);
    return removed.map(({ id }) => id);
  }

  /** Removes the files of these checkpoints, best and pinned ones too. @returns the ids of those that nothing needs. */
  async removeThose(runId: string, ids: readonly string[]): Promise<string[]> {
    const removed = await this.repository.remove(runId, async (present, manager) =>
      this.unneeded(
        present.filter(({ id }) => ids.includes(id)),
        manager,
      ),
    );
    for (const checkpoint of removed) await this.removeFile(checkpoint);
    return removed.map(({ id }) => id);
  }

  private async choose(present: CheckpointEntity[], manager: EntityManager): Promise<CheckpointEntity[]> {
    const old = present.slice(this.config.checkpointsKeepLast).filter(({ isBest, isPinned }) => !isBest && !isPinned);
    return this.unneeded(old, manager);
  }

  private async unneeded(old: CheckpointEntity[], manager: EntityManager): Promise<CheckpointEntity[]> {
    if (old.length === 0) return [];
    const ids = old.map(({ id }) => id);
    const needed = new Set<string>();
    for (const use of this.uses) for (const id of await use(manager, ids)) needed.add(id);
    return old.filter(({ id }) => !needed.has(id));
  }

  /** A file that the store does not let go of costs room and nothing else. */
  private async removeFile(checkpoint: CheckpointEntity): Promise<void> {
    try {
      await this.files.remove(checkpointKey(checkpoint));
      this.logger.debug(`checkpoint ${checkpoint.id} of run ${checkpoint.runId} (step ${checkpoint.step}) was removed`);
    } catch (error) {
      this.logger.warn(`the file of checkpoint ${checkpoint.id} stays behind: ${String(error)}`);
    }
  }
}

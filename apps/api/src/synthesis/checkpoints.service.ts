import { randomUUID } from 'node:crypto';
import { basename, dirname, join, resolve } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsNull, Repository } from 'typeorm';
import type { Checkpoint, CheckpointFile } from '@gan-dashboard/shared-types';
import { APP_CONFIG } from '../platform/configuration/app-config';
import type { AppConfig } from '../platform/configuration/app-config';
import { conflict, notFound } from '../platform/http/problem';
import { CheckpointEntity } from './checkpoint.entity';

function toCheckpoint(entity: CheckpointEntity): Checkpoint {
  return {
    id: entity.id,
    created_at: entity.createdAt.toISOString(),
    run_id: entity.runId,
    epoch: entity.epoch,
    step: entity.step,
    size_bytes: entity.sizeBytes,
    sha256: entity.sha256,
    reason: entity.reason,
    metrics: entity.metrics,
    is_pinned: entity.isPinned,
    is_best: entity.isBest,
    removed_at: entity.removedAt?.toISOString() ?? null,
  };
}

/** The saved states of runs: one file each in the run's folder, one row each in the database. */
@Injectable()
export class CheckpointsService {
  constructor(
    @InjectRepository(CheckpointEntity) private readonly checkpoints: Repository<CheckpointEntity>,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  folderOf(runId: string): string {
    return join(this.config.dataDir, 'runs', runId, 'checkpoints');
  }

  /** Takes a file that the trainer has written into the books. @throws Error when it lies outside the run's folder. */
  async keep(runId: string, file: CheckpointFile): Promise<Checkpoint> {
    const folder = resolve(this.folderOf(runId));
    if (dirname(resolve(file.path)) !== folder)
      throw new Error('the trainer wrote its checkpoint outside of its folder');
    const entity = this.checkpoints.create({
      id: randomUUID(),
      createdAt: new Date(),
      runId,
      epoch: file.epoch,
      step: file.step,
      fileName: basename(file.path),
      sizeBytes: file.size_bytes,
      sha256: file.sha256,
      reason: file.reason,
      metrics: file.metrics,
      removedAt: null,
    });
    await this.checkpoints.insert(entity);
    return toCheckpoint(entity);
  }

  async ofRun(runId: string): Promise<Checkpoint[]> {
    const entities = await this.checkpoints.find({ where: { runId }, order: { step: 'DESC', createdAt: 'DESC' } });
    return entities.map(toCheckpoint);
  }

  /** The newest checkpoints of all runs whose files are kept. */
  async newestOfAll(limit: number): Promise<Checkpoint[]> {
    const order = { createdAt: 'DESC', id: 'DESC' } as const;
    return (await this.checkpoints.find({ where: { removedAt: IsNull() }, order, take: limit })).map(toCheckpoint);
  }

  /** The named checkpoint of a run, or its newest. @throws ProblemException 404 or 409 with the way out. */
  async pick(runId: string, checkpointId: string | undefined): Promise<Checkpoint> {
    const checkpoints = await this.ofRun(runId);
    if (checkpointId === undefined) {
      const [newest] = checkpoints;
      if (!newest) throw conflict('The run has no checkpoint yet: wait for the first one, or for the end of the run.');
      return newest;
    }
    const named = checkpoints.find(({ id }) => id === checkpointId);
    if (!named) throw notFound(`checkpoint of run ${runId}`, checkpointId);
    return named;
  }

  /** @throws ProblemException 404. */
  async file(id: string): Promise<{ checkpoint: Checkpoint; path: string; fileName: string }> {
    const entity = await this.checkpoints.findOneBy({ id });
    if (!entity) throw notFound('checkpoint', id);
    return {
      checkpoint: toCheckpoint(entity),
      path: join(this.folderOf(entity.runId), entity.fileName),
      fileName: entity.fileName,
    };
  }
}

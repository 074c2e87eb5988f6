import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Checkpoint, CheckpointFile, Page, ProjectPageQuery } from '@gan-dashboard/shared-types';
import { AuditTrail } from '../audit/audit-trail';
import { decodeCursor, encodeCursor } from '../datasets/dataset-cursor';
import { sha256Of } from '../platform/files/disk';
import { FileDamagedError, FileMissingError, FileStore } from '../platform/files/file-store';
import type { FileToSend } from '../platform/files/send-file';
import { conflict, notFound, ProblemException } from '../platform/http/problem';
import type { CheckpointEntity } from './checkpoint.entity';
import { CheckpointGate } from './checkpoint-gate';
import { checkpointKey, checkpointStoreName } from './checkpoint-key';
import { checkpointFileName, toCheckpoint } from './checkpoint.mapper';
import { CheckpointRetention } from './checkpoint-retention';
import type { CheckpointUse } from './checkpoint-retention';
import { CheckpointsRepository } from './checkpoints.repository';
import { WorkFolders } from './work-folders';

/** The file of a checkpoint is gone or not what was saved; an older one may still do. */
export class CheckpointUnusableError extends Error {
  override readonly name = 'CheckpointUnusableError';
}

/** The file of a checkpoint on this machine. */
export interface CheckpointCopy {
  path: string;
  sha256: string;
}

/** The saved states of runs: one file each in the store, one row each in the database. */
@Injectable()
export class CheckpointsService {
  private readonly logger = new Logger(CheckpointsService.name);

  constructor(
    private readonly repository: CheckpointsRepository,
    private readonly retention: CheckpointRetention,
    private readonly folders: WorkFolders,
    private readonly files: FileStore,
    private readonly audit: AuditTrail,
    private readonly gate: CheckpointGate,
  ) {}

  /** Where the trainer of an attempt at a run writes. */
  workFolder(runId: string, fence: number): string {
    return this.folders.of(runId, fence);
  }

  /** To be called when an attempt has ended: removes its folder, unless a file in it is not in the books. */
  closeWorkFolder(runId: string, fence: number): Promise<void> {
    return this.folders.close(runId, fence);
  }

  /** A checkpoint keeps its file while any of these names it. */
  keepWhile(use: CheckpointUse): void {
    this.retention.keepWhile(use);
  }

  /**
   * Takes a file that a trainer has written into the store and the books, and away from its folder. The same file brought
   * again gives the same checkpoint.
   *
   * @throws Error where the file is not what the trainer reported or lies outside of the run's work folders; StorageError
   */
  async keep(runId: string, file: CheckpointFile): Promise<Checkpoint> {
    await this.folders.check(runId, file.path);
    const found = await sha256Of(file.path);
    if (found !== file.sha256) {
      throw new Error(`the checkpoint is not the file that the trainer reported: its SHA-256 is ${found}`);
    }
    const fileName = checkpointStoreName(found);
    await this.files.put(checkpointKey({ runId, fileName }), file.path);
    const kept = await this.repository.keep(entityOf(runId, fileName, file));
    await rm(file.path, { force: true });
    await this.prune(runId);
    return toCheckpoint(kept);
  }

  /**
   * Takes over what processes that are gone have written on this machine and nobody has recorded: what is undamaged and
   * newer than the books. To be called by whoever has claimed the run, before a trainer is started.
   *
   * @returns newest first
   */
  async adoptLeftovers(runId: string): Promise<Checkpoint[]> {
    const newest = await this.newest(runId);
    const adopted: Checkpoint[] = [];
    for (const file of await this.folders.checkpointsOf(runId)) {
      if (newest && file.step <= newest.step) continue;
      // Why it was written died with the process; most are written by the schedule.
      adopted.unshift(await this.keep(runId, { ...file, reason: 'schedule' }));
    }
    await this.folders.removeOf(runId);
    return adopted;
  }

  /** Newest first, those whose file was removed among them. */
  async ofRun(runId: string): Promise<Checkpoint[]> {
    return (await this.repository.ofRun(runId)).map(toCheckpoint);
  }

  /** The newest one that has its file. */
  async newest(runId: string): Promise<Checkpoint | undefined> {
    const [newest] = await this.repository.presentOfRun(runId);
    return newest && toCheckpoint(newest);
  }

  /** The best one that has its file; undefined where nothing was measured that tells. */
  async best(runId: string): Promise<Checkpoint | undefined> {
    const best = (await this.repository.presentOfRun(runId)).find(({ isBest }) => isBest);
    return best && toCheckpoint(best);
  }

  /** Those of all runs that have their files, newest first. @throws ProblemException 400 for a cursor that no page gave. */
  async page({ limit, cursor, project }: ProjectPageQuery): Promise<Page<Checkpoint>> {
    const after = cursor === undefined ? {} : { after: decodeCursor(cursor) };
    const found = await this.repository.page({ ...after, limit: limit + 1, project });
    const items = found.slice(0, limit);
    const last = items.at(-1);
    return { items: items.map(toCheckpoint), next_cursor: found.length > limit && last ? encodeCursor(last) : null };
  }

  /**
   * The file of a checkpoint on this machine, verified by its hash.
   *
   * @throws CheckpointUnusableError where it is damaged or gone: an older one may do; StorageError where the store does
   * not answer: this one may be good; ProblemException 404
   */
  async localCopy(id: string): Promise<CheckpointCopy> {
    const entity = await this.require(id);
    if (entity.removedAt) throw new CheckpointUnusableError(removedReason(entity));
    const { sha256 } = entity;
    try {
      return { path: await this.files.local(checkpointKey(entity), sha256), sha256 };
    } catch (error) {
      if (!(error instanceof FileMissingError) && !(error instanceof FileDamagedError)) throw error;
      throw new CheckpointUnusableError(`The checkpoint of step ${entity.step} cannot be used: ${error.message}.`);
    }
  }

  /** The named checkpoint of a run, or its newest. @throws ProblemException 404, or 409 with the way out. */
  async pick(runId: string, checkpointId: string | undefined): Promise<Checkpoint> {
    if (checkpointId === undefined) {
      const newest = await this.newest(runId);
      if (!newest) throw conflict('The run has no checkpoint yet: wait for the first one, or for the end of the run.');
      return newest;
    }
    const named = await this.repository.find(checkpointId);
    if (named?.runId !== runId) throw notFound(`checkpoint of run ${runId}`, checkpointId);
    if (named.removedAt) throw conflict(removedReason(named));
    return toCheckpoint(named);
  }

  /**
   * To be called in the transaction that begins to need a checkpoint: its file stays until that is committed, and then
   * as long as `keepWhile` says. @throws ProblemException 409 when it was removed.
   */
  async hold(manager: EntityManager, id: string): Promise<void> {
    if (!(await this.repository.hold(manager, id))) throw conflict(removedReason(await this.require(id)));
  }

  /** @throws ProblemException 404, 409 when its file was removed. */
  async pin(id: string, isPinned: boolean, actor: string): Promise<Checkpoint> {
    const { runId, step, isPinned: wasPinned } = await this.require(id);
    if (!(await this.repository.setPinned(id, isPinned))) throw conflict(removedReason(await this.require(id)));
    if (isPinned !== wasPinned) {
      const action = isPinned ? 'checkpoint.pin' : 'checkpoint.unpin';
      await this.audit.record({ actor, action, runId, subject: id, detail: { step } });
    }
    if (!isPinned) await this.prune(runId);
    return toCheckpoint(await this.require(id));
  }

  /** @throws ProblemException 403 where the download gate leaves it to administrators, 404, 410 when its file was removed. */
  async file(id: string): Promise<FileToSend> {
    const entity = await this.require(id);
    if (entity.removedAt) throw new ProblemException(410, removedReason(entity));
    await this.gate.pass(entity);
    const { sha256 } = entity;
    const fileName = checkpointFileName(entity);
    return { key: checkpointKey(entity), fileName, type: 'application/octet-stream', sha256 };
  }

  /** Removes the files of old checkpoints of a run. That it fails costs room and nothing else: it is tried with the next one. */
  async prune(runId: string): Promise<void> {
    try {
      await this.retention.prune(runId);
    } catch (error) {
      this.logger.warn(`old checkpoints of run ${runId} were not removed: ${String(error)}`);
    }
  }

  /** Removes the files of these checkpoints of a run. @returns the ids of those that nothing needs. */
  removeFiles(runId: string, ids: readonly string[]): Promise<string[]> {
    return this.retention.removeThose(runId, ids);
  }

  private async require(id: string): Promise<CheckpointEntity> {
    const found = await this.repository.find(id);
    if (!found) throw notFound('checkpoint', id);
    return found;
  }
}

function entityOf(runId: string, fileName: string, file: CheckpointFile): CheckpointEntity {
  return {
    id: randomUUID(),
    createdAt: new Date(),
    runId,
    epoch: file.epoch,
    step: file.step,
    fileName,
    sizeBytes: file.size_bytes,
    sha256: file.sha256,
    reason: file.reason,
    metrics: file.metrics,
    isPinned: false,
    isBest: false,
    removedAt: null,
  };
}

function removedReason({ step, removedAt }: CheckpointEntity): string {
  return (
    `The file of the checkpoint of step ${step} was removed at ${removedAt?.toISOString() ?? 'an unknown time'}: of a run ` +
    'the newest, the best and the pinned checkpoints are kept. Take one of those; pin what is to stay.'
  );
}

import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, IsNull, Repository } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { bestOf } from './best-checkpoint';
import { keepToProjects } from './keep-to-projects';
import type { RunOutcomePage } from './keep-to-projects';
import { CheckpointEntity } from './checkpoint.entity';

const newestFirst = { step: 'DESC', createdAt: 'DESC' } as const;

@Injectable()
export class CheckpointsRepository {
  constructor(@InjectRepository(CheckpointEntity) private readonly checkpoints: Repository<CheckpointEntity>) {}

  find(id: string): Promise<CheckpointEntity | null> {
    return this.checkpoints.findOneBy({ id });
  }

  /** Newest first, those whose file was removed among them. */
  ofRun(runId: string): Promise<CheckpointEntity[]> {
    return this.checkpoints.find({ where: { runId }, order: newestFirst });
  }

  /** Newest first, as far as they still have their files. */
  presentOfRun(runId: string): Promise<CheckpointEntity[]> {
    return this.checkpoints.find({ where: { runId, removedAt: IsNull() }, order: newestFirst });
  }

  /** Those of all runs that have their files, newest first, after one of them. */
  page({ after, limit, project }: RunOutcomePage): Promise<CheckpointEntity[]> {
    const query = this.checkpoints
      .createQueryBuilder('checkpoint')
      .where('checkpoint.removed_at IS NULL')
      .orderBy('checkpoint.created_at', 'DESC')
      .addOrderBy('checkpoint.id', 'DESC');
    keepToProjects(query, 'checkpoint', project);
    if (after) query.andWhere('(checkpoint.created_at, checkpoint.id) < (:createdAt, :id)', { ...after });
    return query.limit(limit).getMany();
  }

  /**
   * Enters a checkpoint, or finds the one that has the same file: its file is there again, whatever was the case before.
   * The run's best one is marked anew.
   */
  keep(entity: CheckpointEntity): Promise<CheckpointEntity> {
    return this.checkpoints.manager.transaction(async (manager) => {
      await manager
        .createQueryBuilder()
        .insert()
        .into(CheckpointEntity)
        .values(entity)
        .orUpdate(['removed_at'], ['run_id', 'file_name'])
        .execute();
      await this.markBest(manager, entity.runId);
      return manager.findOneByOrFail(CheckpointEntity, { runId: entity.runId, fileName: entity.fileName });
    });
  }

  /** @returns false when its file was removed. */
  async setPinned(id: string, isPinned: boolean): Promise<boolean> {
    const { affected } = await this.checkpoints.update({ id, removedAt: IsNull() }, { isPinned });
    return affected === 1;
  }

  /**
   * Holds a checkpoint until the caller's transaction ends: its file is not removed before what the caller writes can be
   * seen. @returns false when its file was removed already.
   */
  async hold(manager: EntityManager, id: string): Promise<boolean> {
    const rows = await manager.query<unknown[]>(
      'SELECT id FROM checkpoint WHERE id = $1 AND removed_at IS NULL FOR SHARE',
      [id],
    );
    return rows.length > 0;
  }

  /**
   * Marks as removed what `choose` picks from the checkpoints of a run that have their files, newest first. They are
   * locked meanwhile, so that nobody takes up one of them unseen.
   */
  remove(
    runId: string,
    choose: (present: CheckpointEntity[], manager: EntityManager) => Promise<CheckpointEntity[]>,
  ): Promise<CheckpointEntity[]> {
    return this.checkpoints.manager.transaction(async (manager) => {
      const present = await manager.find(CheckpointEntity, {
        where: { runId, removedAt: IsNull() },
        order: newestFirst,
        lock: { mode: 'pessimistic_write' },
      });
      const chosen = await choose(present, manager);
      const ids = chosen.map(({ id }) => id);
      if (ids.length > 0) await manager.update(CheckpointEntity, { id: In(ids) }, { removedAt: new Date() });
      return chosen;
    });
  }

  private async markBest(manager: EntityManager, runId: string): Promise<void> {
    const present = await manager.findBy(CheckpointEntity, { runId, removedAt: IsNull() });
    const best = bestOf(present.sort((one, other) => one.step - other.step));
    await manager.query('UPDATE checkpoint SET is_best = (id = $2) WHERE run_id = $1 AND is_best <> (id = $2)', [
      runId,
      best?.id ?? '00000000-0000-0000-0000-000000000000',
    ]);
  }
}

import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, IsNull } from 'typeorm';
import type { EntityManager, FindOptionsWhere } from 'typeorm';
import { Repository } from 'typeorm';
import type { RunPatch, RunStatus } from '@gan-dashboard/shared-types';
import { RunEntity } from './run.entity';

/** A run that is one process's to work on or to move; whatever is written about it in its name carries the fence. */
export interface RunClaim {
  run: RunEntity;
  fence: number;
}

export interface ClaimTerms {
  /** States that the run may be in. */
  from: readonly RunStatus[];
  /** `DatabaseSession.instanceKey`: others see by its lock that the claim is alive. */
  owner: number;
  /** The worker that takes the run up, which counts as an attempt; absent: the run is only moved to another state. */
  workerId?: string;
}

@Injectable()
export class RunsRepository {
  constructor(@InjectRepository(RunEntity) private readonly runs: Repository<RunEntity>) {}

  async insert(run: Partial<RunEntity>): Promise<void> {
    await this.runs.save(this.runs.create(run as RunEntity));
  }

  find(id: string): Promise<RunEntity | null> {
    return this.runs.findOneBy({ id, deletedAt: IsNull() });
  }

  inStatus(statuses: readonly RunStatus[]): Promise<RunEntity[]> {
    const where: FindOptionsWhere<RunEntity> = { status: In([...statuses]), deletedAt: IsNull() };
    return this.runs.find({ where, order: { createdAt: 'ASC' } });
  }

  /**
   * Makes a run that nobody has the caller's. Of several callers one succeeds, and the fence rises, so that nothing
   * counts any more of what an earlier owner says.
   *
   * @returns null where another process has it, or it is not in one of the states
   */
  async claim(id: string, terms: ClaimTerms, manager = this.runs.manager): Promise<RunClaim | null> {
    const { from, owner, workerId } = terms;
    const attempts = workerId === undefined ? 0 : 1;
    const [rows] = await manager.query<[{ fence: string }[], number]>(
      `UPDATE run SET fence = fence + 1, owner = $3, worker_id = $4,
         attempt = attempt + $5, fruitless_attempts = fruitless_attempts + $5
       WHERE id = $1 AND status = ANY ($2) AND owner IS NULL AND deleted_at IS NULL
       RETURNING fence`,
      [id, from, owner, workerId ?? null, attempts],
    );
    const [row] = rows;
    if (!row) return null;
    const run = await manager.findOneByOrFail(RunEntity, { id });
    return { run, fence: Number(row.fence) };
  }

  /** Gives a claim back without having changed the run's state. */
  async release({ run, fence }: RunClaim): Promise<void> {
    await this.runs.update({ id: run.id, fence }, { owner: null, workerId: null });
  }

  /** The attempt has brought the run on: it is not one of those that lead nowhere. */
  async markFruitful({ run, fence }: RunClaim): Promise<void> {
    await this.runs.update({ id: run.id, fence }, { fruitlessAttempts: 0 });
  }

  /** The attempt was given up in order: it is not one of those that lead nowhere. */
  async forgiveAttempt({ run, fence }: RunClaim): Promise<void> {
    await this.runs.query(
      'UPDATE run SET fruitless_attempts = greatest(fruitless_attempts - 1, 0) WHERE id = $1 AND fence = $2',
      [run.id, fence],
    );
  }

  async update(id: string, patch: RunPatch, manager = this.runs.manager): Promise<void> {
    const { on_interruption: onInterruption, project_id: projectId, ...others } = patch;
    const values = { ...others, onInterruption, projectId };
    const changes = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
    if (Object.keys(changes).length > 0) await manager.update(RunEntity, { id }, changes);
  }

  /** @returns false where the run is in none of the states, or somebody is just moving it */
  async markDeleted(id: string, from: readonly RunStatus[], manager = this.runs.manager): Promise<boolean> {
    const where = { id, status: In([...from]), owner: IsNull(), deletedAt: IsNull() };
    const { affected } = await manager.update(RunEntity, where, { deletedAt: new Date() });
    return affected === 1;
  }

  /** The runs of a model that a trainer of this server has worked on and that have ended, newest first. */
  lastMeasured(model: string, limit: number): Promise<RunEntity[]> {
    return this.runs
      .createQueryBuilder('run')
      .where(`run.model = :model AND run.origin = 'dashboard' AND run.status IN ('completed', 'stopped')`, { model })
      .andWhere('run.deleted_at IS NULL AND run.epoch > 0 AND run.attempt = 1 AND run.ended_at IS NOT NULL')
      .orderBy('run.ended_at', 'DESC')
      .limit(limit)
      .getMany();
  }

  async countForDataset(datasetId: string): Promise<number> {
    return this.runs.countBy({ datasetId, deletedAt: IsNull() });
  }

  /** Those of the checkpoints that a run which may still start begins with. */
  async beginningWith(manager: EntityManager, checkpointIds: string[]): Promise<string[]> {
    const rows = await manager.query<{ id: string }[]>(
      `SELECT DISTINCT parent_checkpoint_id AS id FROM run
       WHERE parent_checkpoint_id = ANY ($1) AND deleted_at IS NULL AND status <> 'completed'`,
      [checkpointIds],
    );
    return rows.map(({ id }) => id);
  }
}

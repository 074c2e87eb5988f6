import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, Repository } from 'typeorm';
import type { EntityManager } from 'typeorm';
import type { Cell } from '@gan-dashboard/shared-types';
import { keepToProjects } from './keep-to-projects';
import type { RunOutcomePage } from './keep-to-projects';
import { SampleEntity } from './sample.entity';

/** What is known of a sample once it was drawn. */
export interface DrawnSample {
  sizeBytes: number;
  hitRate: number | null;
  completedShare: number | null;
  privacyCheck: SampleEntity['privacyCheck'];
  privacyError: SampleEntity['privacyError'];
  columns: string[];
  preview: Cell[][];
}

@Injectable()
export class SamplesRepository {
  constructor(@InjectRepository(SampleEntity) private readonly samples: Repository<SampleEntity>) {}

  /** Enters a sample in one transaction with what `work` does there. */
  async insert(sample: SampleEntity, work: (manager: EntityManager) => Promise<void>): Promise<void> {
    await this.samples.manager.transaction(async (manager) => {
      await work(manager);
      await manager.insert(SampleEntity, sample);
    });
  }

  find(id: string): Promise<SampleEntity | null> {
    return this.samples.findOneBy({ id });
  }

  ofRun(runId: string): Promise<SampleEntity[]> {
    return this.samples.find({ where: { runId }, order: { createdAt: 'DESC', id: 'DESC' } });
  }

  /** Of all runs, newest first, after one of them. */
  page({ after, limit, project }: RunOutcomePage): Promise<SampleEntity[]> {
    const query = this.samples
      .createQueryBuilder('sample')
      .orderBy('sample.created_at', 'DESC')
      .addOrderBy('sample.id', 'DESC');
    keepToProjects(query, 'sample', project);
    if (after) query.andWhere('(sample.created_at, sample.id) < (:createdAt, :id)', { ...after });
    return query.limit(limit).getMany();
  }

  pending(): Promise<SampleEntity[]> {
    return this.samples.find({ where: { status: 'pending' }, order: { createdAt: 'ASC' } });
  }

  /** Of these checkpoints, those that a sample is still to be drawn from. */
  async neededCheckpoints(manager: EntityManager, ids: string[]): Promise<string[]> {
    const pending = await manager.findBy(SampleEntity, { status: 'pending', checkpointId: In(ids) });
    return pending.map(({ checkpointId }) => checkpointId);
  }

  /** @returns false when the sample was deleted meanwhile. */
  async markReady(id: string, drawn: DrawnSample): Promise<boolean> {
    const { affected } = await this.samples.update({ id }, { ...drawn, status: 'ready', error: null });
    return affected === 1;
  }

  /** @returns false when the sample was deleted meanwhile. */
  async markFailed(id: string, error: string): Promise<boolean> {
    const { affected } = await this.samples.update({ id, status: 'pending' }, { status: 'failed', error });
    return affected === 1;
  }

  async override(id: string, gateOverride: SampleEntity['gateOverride'], manager: EntityManager): Promise<void> {
    await manager.update(SampleEntity, { id }, { gateOverride });
  }

  /** Does `work` in one transaction. */
  transaction(work: (manager: EntityManager) => Promise<void>): Promise<void> {
    return this.samples.manager.transaction(work);
  }

  async delete(id: string): Promise<void> {
    await this.samples.delete({ id });
  }
}

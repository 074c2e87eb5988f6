import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, Repository } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { ReportEntity } from './report.entity';

const unfinished = In(['queued', 'running']);

@Injectable()
export class ReportsRepository {
  constructor(@InjectRepository(ReportEntity) private readonly reports: Repository<ReportEntity>) {}

  /** Enters a report in one transaction with what `work` does there. */
  async insert(report: ReportEntity, work: (manager: EntityManager) => Promise<void>): Promise<void> {
    await this.reports.manager.transaction(async (manager) => {
      await work(manager);
      await manager.insert(ReportEntity, report);
    });
  }

  find(id: string): Promise<ReportEntity | null> {
    return this.reports.findOneBy({ id });
  }

  /** Newest first, after one of them. */
  page({ runId, after, limit }: { runId?: string; after?: ReportEntity; limit: number }): Promise<ReportEntity[]> {
    const query = this.reports
      .createQueryBuilder('report')
      .orderBy('report.created_at', 'DESC')
      .addOrderBy('report.id', 'DESC');
    if (runId !== undefined) query.andWhere('report.run_id = :runId', { runId });
    if (after) query.andWhere('(report.created_at, report.id) < (:at, :id)', { at: after.createdAt, id: after.id });
    return query.take(limit).getMany();
  }

  unfinished(): Promise<ReportEntity[]> {
    return this.reports.find({ where: { status: unfinished }, order: { createdAt: 'ASC' } });
  }

  /** Of these checkpoints, those that a report is still to be made of. */
  async neededCheckpoints(manager: EntityManager, ids: string[]): Promise<string[]> {
    const found = await manager.findBy(ReportEntity, { status: unfinished, checkpointId: In(ids) });
    return found.flatMap(({ checkpointId }) => checkpointId ?? []);
  }

  /** Whether a report that is still to be made reads a data set. */
  needsDataset(id: string): Promise<boolean> {
    return this.reports.exists({
      where: [
        { status: unfinished, realDatasetId: id },
        { status: unfinished, syntheticDatasetId: id },
      ],
    });
  }

  /** @returns false when the report was deleted, or has ended. */
  async markRunning(id: string, phase: string, progressPercent: number): Promise<boolean> {
    const { affected } = await this.reports.update(
      { id, status: unfinished },
      { status: 'running', phase, progressPercent },
    );
    return affected === 1;
  }

  /** @returns false when the report was deleted meanwhile. */
  async markReady(id: string, isCopying: boolean): Promise<boolean> {
    const done = {
      status: 'ready' as const,
      progressPercent: 100,
      phase: '',
      error: null,
      isCopying,
      endedAt: new Date(),
    };
    return (await this.reports.update({ id }, done)).affected === 1;
  }

  /** @returns false when the report was deleted meanwhile. */
  async markFailed(id: string, error: string): Promise<boolean> {
    const failed = { status: 'failed' as const, error, phase: '', endedAt: new Date() };
    return (await this.reports.update({ id, status: unfinished }, failed)).affected === 1;
  }

  async delete(id: string): Promise<void> {
    await this.reports.delete({ id });
  }
}

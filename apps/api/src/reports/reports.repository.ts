import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, Repository } from 'typeorm';
import type { EntityManager, SelectQueryBuilder } from 'typeorm';
import { projectsInReach } from '../platform/http/local-user';
import { ReportEntity } from './report.entity';

export interface ReportPage {
  runId?: string;
  after?: ReportEntity;
  limit: number;
  project?: string | undefined;
}

/** Of its run, or of its two data sets. */
const projectsOfReport = `SELECT 1 FROM (
  SELECT project_id FROM run WHERE run.id = report.run_id
  UNION ALL SELECT project_id FROM dataset
  WHERE report.run_id IS NULL AND dataset.id IN (report.real_dataset_id, report.synthetic_dataset_id)) AS place WHERE TRUE`;

/** A report of two data sets needs both to be seen. */
function keepToReach(query: SelectQueryBuilder<ReportEntity>): void {
  const projects = projectsInReach();
  if (projects) query.andWhere(`NOT EXISTS (${projectsOfReport} AND NOT project_id = ANY (:projects))`, { projects });
}

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

  /** One that whoever asks may see. */
  findInReach(id: string): Promise<ReportEntity | null> {
    const query = this.reports.createQueryBuilder('report').where('report.id = :id', { id });
    keepToReach(query);
    return query.getOne();
  }

  /** Newest first, after one of them. */
  page({ runId, after, limit, project }: ReportPage): Promise<ReportEntity[]> {
    const query = this.reports
      .createQueryBuilder('report')
      .orderBy('report.created_at', 'DESC')
      .addOrderBy('report.id', 'DESC');
    if (runId !== undefined) query.andWhere('report.run_id = :runId', { runId });
    keepToReach(query);
    if (project !== undefined) query.andWhere(`EXISTS (${projectsOfReport} AND project_id = :project)`, { project });
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

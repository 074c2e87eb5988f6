import { randomUUID } from 'node:crypto';
import { json } from 'node:stream/consumers';
import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { reportContentSchema } from '@gan-dashboard/shared-types';
import type {
  DatasetColumn,
  Page,
  Report,
  ReportContent,
  ReportCreate,
  ReportDetail,
  ReportQuery,
} from '@gan-dashboard/shared-types';
import { AuditTrail } from '../audit/audit-trail';
import { DatasetsService } from '../datasets/datasets.service';
import { DatabaseSession } from '../platform/database/database-session';
import { FileMissingError, FileStore } from '../platform/files/file-store';
import type { FileToSend } from '../platform/files/send-file';
import { conflict, notFound, ProblemException, unprocessable } from '../platform/http/problem';
import { JobQueue } from '../platform/queue/job-queue';
import { CheckpointsService } from '../synthesis/checkpoints.service';
import { RunsService } from '../training/runs.service';
import type { ReportEntity } from './report.entity';
import { reportKey, toReport } from './report.mapper';
import { reportDeletedChannel, reportQueue } from './report-queue';
import { ReportsRepository } from './reports.repository';

/** Drawn for a report that names no number, at most. */
const defaultRows = 50_000;
const fewestRows = 50;

/** Reports that people have asked for: ask, look at, download, delete. */
@Injectable()
export class ReportsService implements OnModuleInit {
  constructor(
    private readonly reports: ReportsRepository,
    private readonly queue: JobQueue,
    private readonly files: FileStore,
    private readonly runs: RunsService,
    private readonly checkpoints: CheckpointsService,
    private readonly datasets: DatasetsService,
    private readonly session: DatabaseSession,
    private readonly audit: AuditTrail,
  ) {}

  onModuleInit(): void {
    this.checkpoints.keepWhile((manager, ids) => this.reports.neededCheckpoints(manager, ids));
    this.datasets.keepFilesWhile((id) => this.reports.needsDataset(id));
  }

  /**
   * @throws ProblemException 404 unknown run, checkpoint or data set; 409 no checkpoint yet, one whose file was removed, a
   * run without a data set, or a data set that is not ready; 422 a target that is no column.
   */
  async create(request: ReportCreate, actor: string): Promise<Report> {
    const report = 'run_id' in request ? await this.ofRun(request, actor) : await this.ofDatasets(request, actor);
    const { runId, checkpointId, rows, seed, target, realDatasetId, syntheticDatasetId } = report;
    const detail = {
      rows,
      seed,
      target,
      checkpoint_id: checkpointId,
      real_dataset_id: realDatasetId,
      synthetic_dataset_id: syntheticDatasetId,
    };
    await this.reports.insert(report, async (manager) => {
      if (checkpointId !== null) await this.checkpoints.hold(manager, checkpointId);
      const act = { actor, action: 'report.create', subject: report.id, detail };
      await this.audit.record(runId === null ? act : { ...act, runId }, manager);
      await this.queue.send(reportQueue, { report_id: report.id }, { singletonKey: report.id, manager });
    });
    return toReport(report);
  }

  /** Newest first. @throws ProblemException 400 for a cursor that no page gave, 404 unknown run. */
  async page({ run_id: runId, limit, cursor, project }: ReportQuery): Promise<Page<Report>> {
    if (runId !== undefined) await this.runs.get(runId);
    const after = cursor === undefined ? undefined : await this.afterOf(cursor);
    const found = await this.reports.page({
      limit: limit + 1,
      ...(runId === undefined ? {} : { runId }),
      ...(after ? { after } : {}),
      project,
    });
    const items = found.slice(0, limit);
    return { items: items.map(toReport), next_cursor: found.length > limit ? (items.at(-1)?.id ?? null) : null };
  }

  /** @throws ProblemException 404. */
  async get(id: string): Promise<ReportDetail> {
    const report = await this.require(id);
    return { ...toReport(report), content: report.status === 'ready' ? await this.contentOf(id) : null };
  }

  /** The newest report of a run that is ready. @throws ProblemException 404. */
  async newestOfRun(runId: string): Promise<ReportDetail> {
    await this.runs.get(runId);
    const newest = (await this.reports.page({ runId, limit: 100 })).find(({ status }) => status === 'ready');
    if (!newest)
      throw new ProblemException(
        404,
        'The run has no report that is ready. Ask for one: POST /api/v1/reports with its run_id.',
      );
    return this.get(newest.id);
  }

  /** Gives up a report that is being made, and removes what it says. @throws ProblemException 404. */
  async remove(id: string, actor: string): Promise<void> {
    const { runId, status, title } = await this.require(id);
    await this.reports.delete(id);
    const act = { actor, action: 'report.delete', subject: id, detail: { title, status } };
    await this.audit.record(runId === null ? act : { ...act, runId });
    await this.session.notify(reportDeletedChannel, id);
    for (const format of ['json', 'html'] as const) await this.files.remove(reportKey(id, format));
  }

  /** @throws ProblemException 404, or 409 while the report is not ready or when it failed. */
  async file(id: string): Promise<FileToSend> {
    const { status, error, title } = await this.require(id);
    if (status === 'failed') throw conflict(`The report could not be made: ${error ?? 'unknown reason'}`);
    if (status !== 'ready') throw conflict('The report is still being made. Ask again when its status is ready.');
    const name = title.replace(/[^\p{L}\p{N}._-]+/gu, '_').slice(0, 100);
    return { key: reportKey(id, 'html'), fileName: `${name}.html`, type: 'text/html; charset=utf-8' };
  }

  private async ofRun(request: Extract<ReportCreate, { run_id: string }>, actor: string): Promise<ReportEntity> {
    const { run_id: runId, checkpoint_id: checkpointId, seed, target } = request;
    const run = await this.runs.require(runId);
    if (run.datasetId === null) {
      throw conflict(
        'The run was trained elsewhere and has no data set here: upload both tables and compare the two data sets.',
      );
    }
    const checkpoint = await this.checkpoints.pick(runId, checkpointId);
    const { dataset } = await this.datasets.trainingSource(run.datasetId);
    checkTarget(target, run.columns ?? dataset.columns);
    const rows = request.rows ?? Math.max(fewestRows, Math.min(defaultRows, dataset.row_count ?? defaultRows));
    const title = `Quality of ${run.name}, epoch ${checkpoint.epoch}`;
    return {
      ...blank(actor, { title, seed, target }),
      runId,
      checkpointId: checkpoint.id,
      rows,
      realDatasetId: dataset.id,
    };
  }

  private async ofDatasets(
    request: Extract<ReportCreate, { real_dataset_id: string }>,
    actor: string,
  ): Promise<ReportEntity> {
    const { real_dataset_id: realId, synthetic_dataset_id: syntheticId, seed, target } = request;
    const [real, synthetic] = [await this.datasets.ready(realId), await this.datasets.ready(syntheticId)];
    checkTarget(target, real.columns);
    const title = `Quality of ${synthetic.name} beside ${real.name}`;
    return { ...blank(actor, { title, seed, target }), realDatasetId: real.id, syntheticDatasetId: synthetic.id };
  }

  /** A cursor is the id of the last report of a page. */
  private async afterOf(cursor: string): Promise<ReportEntity> {
    const found = /^[0-9a-f-]{36}$/.test(cursor) ? await this.reports.findInReach(cursor) : null;
    if (found) return found;
    throw new ProblemException(400, `cursor is ${JSON.stringify(cursor)}; take it from next_cursor of a page.`);
  }

  private async contentOf(id: string): Promise<ReportContent> {
    try {
      return reportContentSchema.parse(await json(await this.files.open(reportKey(id, 'json'))));
    } catch (error) {
      if (!(error instanceof FileMissingError)) throw error;
      throw new ProblemException(
        410,
        'What the report says is no longer where the server keeps its files. Make it again.',
      );
    }
  }

  private async require(id: string): Promise<ReportEntity> {
    const found = await this.reports.find(id);
    if (!found) throw notFound('report', id);
    return found;
  }
}

function blank(
  createdBy: string,
  { title, seed, target }: { title: string; seed: number; target: string | undefined },
): ReportEntity {
  return {
    id: randomUUID(),
    createdAt: new Date(),
    createdBy,
    title,
    runId: null,
    checkpointId: null,
    realDatasetId: null,
    syntheticDatasetId: null,
    rows: null,
    seed,
    target: target ?? null,
    status: 'queued',
    progressPercent: 0,
    phase: 'waiting for a worker',
    error: null,
    isCopying: null,
    endedAt: null,
  };
}

function checkTarget(target: string | undefined, columns: readonly DatasetColumn[]): void {
  if (target === undefined) return;
  const learned = columns.filter(({ role }) => role !== 'id' && role !== 'excluded').map(({ name }) => name);
  if (learned.includes(target)) return;
  const message = `${JSON.stringify(target)} is no column that is learned; take one of: ${learned.slice(0, 20).join(', ')}`;
  throw unprocessable(`target: ${message}`, [{ path: 'target', message }]);
}

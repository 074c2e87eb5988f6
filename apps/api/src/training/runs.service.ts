import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { finalRunStatuses } from '@gan-dashboard/shared-types';
import type { Run, RunCreate, RunPage, RunPatch, RunQuery } from '@gan-dashboard/shared-types';
import { datasetMistake } from '@gan-dashboard/trainer';
import { AuditTrail } from '../audit/audit-trail';
import { DatasetsService } from '../datasets/datasets.service';
import { RunProjects } from '../events/run-projects';
import { APP_CONFIG } from '../platform/configuration/app-config';
import type { AppConfig } from '../platform/configuration/app-config';
import { conflict, notFound, unprocessable } from '../platform/http/problem';
import { RunQueue } from './queue/run-queue';
import { RunAdmission } from './run-admission';
import { ModelDirectory } from './process/model-directory';
import type { RunEntity } from './run.entity';
import { toRun } from './run-mapper';
import type { QueuePlace } from './run-mapper';
import { activeStatuses, whyNot } from './run-states';
import { RunsRepository } from './runs.repository';
import { RunSearch } from './search/run-search';

/** Without one it is the default of the column. */
function withProject(projectId: string | undefined): { projectId?: string } {
  return projectId === undefined ? {} : { projectId };
}

const none: ReadonlyMap<string, QueuePlace> = new Map();

/** The runs that people see: create, list, change, delete. */
@Injectable()
export class RunsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly repository: RunsRepository,
    private readonly search: RunSearch,
    private readonly datasets: DatasetsService,
    private readonly models: ModelDirectory,
    private readonly queue: RunQueue,
    private readonly admission: RunAdmission,
    private readonly audit: AuditTrail,
    private readonly runProjects: RunProjects,
    @Inject(APP_CONFIG) private readonly config: Pick<AppConfig, 'resumePolicy'>,
  ) {}

  /**
   * Queues a run. Everything that can be wrong with it is said before anything starts.
   *
   * @throws ProblemException 404 unknown data set, 409 data set not ready, 422 unknown model or invalid config.
   */
  async create(request: RunCreate, user: string): Promise<Run> {
    const { config, totalEpochs } = this.models.checked(request.model, request.config);
    const dataset = await this.datasets.ready(request.dataset_id);
    const mistake = datasetMistake(request.model, dataset.columns, dataset.structure);
    if (mistake !== null) throw unprocessable(mistake, [{ path: 'dataset_id', message: mistake }]);
    const values = {
      name: request.name ?? `${request.model} on ${dataset.name}`,
      model: request.model,
      config,
      datasetId: dataset.id,
      columns: dataset.columns,
      ...(request.seed === undefined ? {} : { seed: request.seed }),
      totalEpochs,
      tags: [...new Set(request.tags)],
      notes: request.notes,
      priority: request.priority,
      onInterruption: request.on_interruption ?? this.config.resumePolicy,
      ...withProject(request.project_id ?? dataset.project_id),
    };
    const detail = { model: request.model, dataset_id: dataset.id };
    return this.get(await this.admission.admit(values, { actor: user, action: 'run.create', detail }));
  }

  async get(id: string): Promise<Run> {
    const run = await this.require(id);
    return toRun(run, run.status === 'queued' ? (await this.queue.places()).get(id) : undefined);
  }

  async page(query: RunQuery): Promise<RunPage> {
    const { runs, nextCursor, total } = await this.search.page(query);
    const places = runs.some(({ status }) => status === 'queued') ? await this.queue.places() : none;
    return {
      items: runs.map((run) => toRun(run, places.get(run.id))),
      next_cursor: nextCursor,
      ...(total === undefined ? {} : { total }),
    };
  }

  async change(id: string, patch: RunPatch, user: string): Promise<Run> {
    const { projectId: from } = await this.require(id);
    await this.dataSource.transaction(async (manager) => {
      await this.repository.update(id, patch, manager);
      await this.audit.record({ actor: user, action: 'run.change', runId: id, detail: patch }, manager);
      if (patch.project_id === undefined || patch.project_id === from) return;
      const detail = { from, to: patch.project_id };
      await this.audit.record({ actor: user, action: 'run.move', runId: id, detail }, manager);
    });
    if (patch.project_id !== undefined) this.runProjects.note(id, patch.project_id);
    if (patch.priority !== undefined) await this.queue.reprioritise(id, patch.priority);
    return this.get(id);
  }

  /** Hides a run; its history is kept. @throws ProblemException 404, 409 while it is active. */
  async remove(id: string, user: string): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      await this.audit.record({ actor: user, action: 'run.delete', runId: id }, manager);
      if (await this.repository.markDeleted(id, finalRunStatuses, manager)) return;
      const { status } = await this.require(id);
      throw conflict(whyNot(status, 'delete') ?? `The run is ${status} since just now. Try again.`);
    });
  }

  /** @throws ProblemException 404 */
  async require(id: string): Promise<RunEntity> {
    const run = await this.repository.find(id);
    if (!run) throw notFound('run', id);
    return run;
  }

  /** Of those of a project that wait or are at work, the run that was made last. */
  async newestActive(projectId: string): Promise<Run | undefined> {
    const active = await this.repository.inStatus(activeStatuses);
    const newest = active.findLast((run) => run.projectId === projectId);
    return newest && this.get(newest.id);
  }
}

import { randomInt, randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { parseModelConfig } from '@gan-dashboard/trainer';
import type { Page, Run, RunCreate, RunPatch, RunQuery } from '@gan-dashboard/shared-types';
import { DatasetsService } from '../datasets/datasets.service';
import type { RunDirectory, RunSnapshot } from '../events/run-directory';
import { conflict, notFound, unprocessable } from '../platform/http/problem';
import type { RunEntity } from './run.entity';
import { RunQueue } from './queue/run-queue';
import { statusEvent } from './run-events';
import { RunLauncher } from './run-launcher';
import { RunLogs } from './run-logs.service';
import { toRun } from './run-mapper';
import { activeStatuses, isActive } from './run-states';
import { RunsRepository } from './runs.repository';

/** The runs that people see: create, list, change, stop, delete. */
@Injectable()
export class RunsService implements RunDirectory {
  constructor(
    private readonly repository: RunsRepository,
    private readonly datasets: DatasetsService,
    private readonly queue: RunQueue,
    private readonly launcher: RunLauncher,
    private readonly runLogs: RunLogs,
  ) {}

  /**
   * Queues a run. Everything that can be wrong with it is said before anything starts.
   *
   * @throws ProblemException 404 unknown data set, 409 data set not ready, 422 unknown model or invalid config.
   */
  async create(request: RunCreate, user: string): Promise<Run> {
    const parsed = parseModelConfig(request.model, request.config);
    if (!parsed.ok) {
      const detail = parsed.errors.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join('; ');
      throw unprocessable(detail, parsed.errors);
    }
    const dataset = await this.datasets.ready(request.dataset_id);
    const id = randomUUID();
    await this.repository.insert({
      id,
      createdAt: new Date(),
      createdBy: user,
      name: request.name ?? `${request.model} on ${dataset.name}`,
      status: 'queued',
      model: request.model,
      config: parsed.config,
      datasetId: dataset.id,
      seed: request.seed ?? randomInt(2 ** 31 - 1),
      totalEpochs: parsed.config.epochs,
      tags: [...new Set(request.tags)],
      notes: request.notes,
    });
    await this.runLogs.record(id, [statusEvent('queued', 'The run waits for a free place.')]);
    await this.queue.enqueue(id);
    return this.get(id);
  }

  async get(id: string): Promise<Run> {
    return toRun(await this.require(id));
  }

  async page(query: RunQuery): Promise<Page<Run>> {
    const { runs, nextCursor } = await this.repository.page(query);
    return { items: runs.map((run) => toRun(run)), next_cursor: nextCursor };
  }

  async change(id: string, patch: RunPatch): Promise<Run> {
    await this.require(id);
    await this.repository.update(id, patch);
    return this.get(id);
  }

  /** Ends a run and keeps its state; a queued one is taken off the queue. @throws 409 when the run has ended. */
  async stop(id: string): Promise<Run> {
    await this.require(id);
    if (!(await this.queue.cancel(id))) {
      const supervisor = this.launcher.supervisorOf(id);
      if (!supervisor) throw conflict(`The run is ${(await this.require(id)).status}: there is nothing to stop.`);
      supervisor.stop('The trainer is stopping; its state is being saved.');
      await this.runLogs.settled(id);
    }
    return this.get(id);
  }

  /** Hides a run; its history is kept. @throws 409 while it is active. */
  async remove(id: string): Promise<void> {
    const run = await this.require(id);
    if (isActive(run.status)) throw conflict(`The run is ${run.status}. Stop it first, then delete it.`);
    await this.repository.markDeleted(id);
  }

  async snapshot(runId: string): Promise<RunSnapshot | undefined> {
    const run = await this.repository.find(runId);
    return run ? snapshotOf(run) : undefined;
  }

  async active(): Promise<RunSnapshot[]> {
    return (await this.repository.inStatus(activeStatuses)).map(snapshotOf);
  }

  private async require(id: string): Promise<RunEntity> {
    const run = await this.repository.find(id);
    if (!run) throw notFound('run', id);
    return run;
  }
}

function snapshotOf(run: RunEntity): RunSnapshot {
  const { id, status, lastSeq, epoch, totalEpochs } = run;
  return { runId: id, status, lastSeq, message: `The run is ${status}, epoch ${epoch} of ${totalEpochs}.` };
}

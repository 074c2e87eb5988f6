import { Injectable } from '@nestjs/common';
import type { Run, RunFork } from '@gan-dashboard/shared-types';
import { DatasetsService } from '../datasets/datasets.service';
import { conflict, unprocessable } from '../platform/http/problem';
import { CheckpointsService } from '../synthesis/checkpoints.service';
import { forkMistakes } from './fork-settings';
import { ModelDirectory } from './process/model-directory';
import { RunAdmission } from './run-admission';
import type { NewRun } from './run-admission';
import type { RunEntity } from './run.entity';
import { whyNot } from './run-states';
import { RunsService } from './runs.service';

/** New runs made of old ones. */
@Injectable()
export class RunForks {
  constructor(
    private readonly runs: RunsService,
    private readonly checkpoints: CheckpointsService,
    private readonly datasets: DatasetsService,
    private readonly models: ModelDirectory,
    private readonly admission: RunAdmission,
  ) {}

  /**
   * A new run that begins with what another has learned.
   *
   * @throws ProblemException 404, 409 no checkpoint, 422 settings that cannot be, or cannot change in a fork
   */
  async fork(runId: string, request: RunFork, actor: string): Promise<Run> {
    const parent = await this.requireParent(runId);
    const checkpoint = await this.checkpoints.pick(runId, request.checkpoint_id);
    if (checkpoint.removed_at !== null) {
      throw conflict(`The file of checkpoint ${checkpoint.id} was removed by the retention. Choose a later one.`);
    }
    const mistakes = forkMistakes(parent.config, request.config);
    if (mistakes.length > 0) throw unprocessable(mistakes.map(({ message }) => message).join(' '), mistakes);
    const { config, totalEpochs } = this.models.checked(parent.model, { ...parent.config, ...request.config });
    const values: NewRun = {
      ...(await this.inherited(parent)),
      name: request.name ?? `${parent.name} (fork)`.slice(0, 200),
      config,
      totalEpochs,
      seed: request.seed ?? parent.seed,
      tags: request.tags ? [...new Set(request.tags)] : parent.tags,
      notes: request.notes ?? '',
      priority: request.priority,
      parentCheckpointId: checkpoint.id,
    };
    const detail = { parent_run_id: runId, checkpoint_id: checkpoint.id, changes: request.config };
    return this.runs.get(await this.admission.admit(values, { actor, action: 'run.fork', detail }));
  }

  /** The same again: model, settings, seed, data and, for a fork, the state that it began with. */
  async retry(runId: string, actor: string): Promise<Run> {
    const parent = await this.requireParent(runId);
    const refusal = whyNot(parent.status, 'retry');
    if (refusal !== undefined) throw conflict(refusal);
    const values: NewRun = {
      ...(await this.inherited(parent)),
      name: parent.name,
      config: parent.config,
      totalEpochs: parent.totalEpochs,
      seed: parent.seed,
      tags: parent.tags,
      notes: parent.notes,
      priority: parent.priority,
      parentCheckpointId: parent.parentCheckpointId,
    };
    const detail = { parent_run_id: runId };
    return this.runs.get(await this.admission.admit(values, { actor, action: 'run.retry', detail }));
  }

  private async requireParent(runId: string): Promise<RunEntity> {
    const parent = await this.runs.require(runId);
    if (parent.origin === 'external') {
      throw conflict('A program outside reports into this run: the dashboard cannot train it. Start a new run.');
    }
    return parent;
  }

  private async inherited(parent: RunEntity) {
    if (parent.datasetId === null) throw conflict('The run names no data set. Start a new run.');
    return {
      model: parent.model,
      datasetId: parent.datasetId,
      columns: parent.columns ?? (await this.datasets.columnsOf(parent.datasetId)),
      onInterruption: parent.onInterruption,
      parentRunId: parent.id,
      projectId: parent.projectId,
    };
  }
}

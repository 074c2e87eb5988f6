import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { actingUser } from '../platform/http/local-user';
import { ProblemException } from '../platform/http/problem';
import { defaultProjectId } from '@gan-dashboard/shared-types';
import type { Run, WireNumber } from '@gan-dashboard/shared-types';
import { DatasetsService } from '../datasets/datasets.service';
import { CsvFolder } from '../datasets/folder/csv-folder.service';
import { CheckpointsService } from '../synthesis/checkpoints.service';
import { RunControl } from '../training/run-control';
import { RunLauncher } from '../training/run-launcher';
import { RunsService } from '../training/runs.service';

const listedModels = 200;
/** How long an answer waits for the trainer to be there: a run that starts at once does so well within. */
const startMs = 3_000;
const pollMs = 50;

export interface StartRequest {
  model: string;
  settings: Record<string, unknown>;
  /** File name of a data set; absent: the newest data set. */
  source: string | undefined;
  user: string;
}

/** What the routes of the original dashboard ask of runs. That one knew a single run: here it is the newest that is active. */
@Injectable()
export class CompatRuns {
  constructor(
    private readonly datasets: DatasetsService,
    private readonly folder: CsvFolder,
    private readonly runs: RunsService,
    private readonly control: RunControl,
    private readonly checkpoints: CheckpointsService,
    private readonly launcher: RunLauncher,
  ) {}

  /** Queues a run. `pid` is null unless a process of this server is at work on it already. */
  async start(request: StartRequest): Promise<{ run: Run; fileName: string; pid: number | null } | { error: string }> {
    try {
      const dataset = await this.datasetOf(request.source);
      if (!dataset) return { error: reasonOf(request.source) };
      const { id, file_name: fileName } = await this.datasets.imported(dataset.id);
      const run = await this.runs.create(
        { dataset_id: id, model: request.model, config: request.settings, tags: [], notes: '', priority: 0 },
        request.user,
      );
      return { run, fileName, pid: await this.processOf(run.id) };
    } catch (error) {
      if (error instanceof ProblemException) return { error: error.message };
      throw error;
    }
  }

  async stop(runId: string): Promise<void> {
    await this.control.stop(runId, actingUser());
  }

  newestActive(): Promise<Run | undefined> {
    return this.runs.newestActive(defaultProjectId);
  }

  async savedModels(): Promise<{ name: string; epoch: number; loss: WireNumber | null; date: string }[]> {
    const { items: saved } = await this.checkpoints.page({ limit: listedModels, project: defaultProjectId });
    const names = new Map<string, string>();
    for (const id of new Set(saved.map(({ run_id }) => run_id))) {
      const run = await this.runs.get(id).catch(unlessDeleted);
      if (run) names.set(id, run.name);
    }
    return saved.flatMap(({ run_id: runId, epoch, metrics, created_at: date }) => {
      const name = names.get(runId);
      // A checkpoint before the end of the first epoch has no loss.
      const loss = metrics['generator_loss'] ?? null;
      return name === undefined ? [] : [{ name: `${name}, epoch ${epoch}`, epoch, loss, date }];
    });
  }

  /** The trainer's process id, once it has one; null where the run has to wait, or another worker has it. */
  private async processOf(runId: string): Promise<number | null> {
    for (const deadline = Date.now() + startMs; Date.now() < deadline; await delay(pollMs)) {
      const pid = this.launcher.supervisorOf(runId)?.pid;
      if (pid !== undefined) return pid;
      if ((await this.runs.get(runId)).status !== 'queued') break;
    }
    return this.launcher.supervisorOf(runId)?.pid ?? null;
  }

  private async datasetOf(source: string | undefined): Promise<{ id: string } | undefined> {
    await this.folder.scan();
    if (source !== undefined) return this.datasets.findByFileName(source);
    return (await this.datasets.page({ limit: 1, project: defaultProjectId })).items[0];
  }
}

function unlessDeleted(error: unknown): undefined {
  if (error instanceof ProblemException && error.getStatus() === 404) return undefined;
  throw error;
}

function reasonOf(source: string | undefined): string {
  return source === undefined
    ? 'There is no data set yet: upload one by /api/upload_csv, or make one by /api/generate_sample.'
    : `There is no data set with the file name ${JSON.stringify(source)}.`;
}

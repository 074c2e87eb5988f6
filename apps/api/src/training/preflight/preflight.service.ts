import { Injectable } from '@nestjs/common';
import { datasetMistake, runSizeOf } from '@gan-dashboard/trainer';
import type { RunSize } from '@gan-dashboard/trainer';
import type { Dataset, Preflight, PreflightRequest, PreflightWarning } from '@gan-dashboard/shared-types';
import { DatasetsService } from '../../datasets/datasets.service';
import { ModelDirectory } from '../process/model-directory';
import type { RunEntity } from '../run.entity';
import { RunsRepository } from '../runs.repository';
import { columnWarnings } from './column-warnings';
import { timeEstimate } from './time-estimate';
import type { FormerRun } from './time-estimate';

type Refusal = Preflight['refusals'][number];

const formerRuns = 10;

/** What is known of a run before it is started: whether it would be taken, how large it gets, how long it takes. */
@Injectable()
export class PreflightService {
  constructor(
    private readonly datasets: DatasetsService,
    private readonly models: ModelDirectory,
    private readonly runs: RunsRepository,
  ) {}

  /** @throws ProblemException 404 unknown data set */
  async look(request: PreflightRequest): Promise<Preflight> {
    const dataset = await this.datasets.get(request.dataset_id);
    const parsed = this.models.parse(request.model, request.config);
    const refusals = [...(parsed.ok ? [] : parsed.errors), ...datasetRefusals(request.model, dataset)];
    if (!parsed.ok || dataset.status !== 'ready' || dataset.row_count === null) return unknown(refusals);
    const { config, totalEpochs } = parsed;
    const size = runSizeOf(request.model, config, { columns: dataset.columns, row_count: dataset.row_count });
    const former = await this.former(request.model, dataset);
    return {
      refusals,
      warnings: [
        ...columnWarnings(dataset.columns, await this.datasets.profile(dataset.id)),
        ...holdoutWarnings(size, dataset.row_count),
      ],
      columns: size?.width.columns ?? null,
      encoded_width: size?.width.at_most ?? null,
      parameters: size?.parameters_at_most ?? null,
      training_rows: size?.training_rows ?? null,
      total_steps: size ? size.steps_per_epoch * totalEpochs : null,
      memory_bytes: size ? Math.round(size.memory_bytes) : null,
      time: timeEstimate({ size, epochs: totalEpochs, runs: request.runs }, former),
    };
  }

  private async former(model: string, dataset: Dataset): Promise<FormerRun[]> {
    const runs = await this.runs.lastMeasured(model, formerRuns);
    const others = [...new Set(runs.flatMap(({ datasetId }) => datasetId ?? []))].filter((id) => id !== dataset.id);
    const rowCounts = await this.datasets.rowCounts(others);
    if (dataset.row_count !== null) rowCounts.set(dataset.id, dataset.row_count);
    return runs.map((run) => formerOf(run, dataset.id, rowCounts));
  }
}

function formerOf(run: RunEntity, datasetId: string, rowCounts: ReadonlyMap<string, number>): FormerRun {
  const rowCount = rowCounts.get(run.datasetId ?? '');
  const size =
    run.columns && rowCount !== undefined
      ? runSizeOf(run.model, run.config, { columns: run.columns, row_count: rowCount })
      : null;
  const speed = run.summary['rows_per_second'];
  const duration = ((run.endedAt?.getTime() ?? NaN) - (run.startedAt?.getTime() ?? NaN)) / 1_000 / run.epoch;
  const byRows = size && typeof speed === 'number' ? (size.steps_per_epoch * size.rows_per_step) / speed : duration;
  return {
    isSameDataset: run.datasetId === datasetId,
    secondsPerEpoch: byRows,
    operationsPerEpoch: size?.operations_per_epoch ?? null,
  };
}

function datasetRefusals(model: string, dataset: Dataset): Refusal[] {
  const refuse = (message: string): Refusal[] => [{ path: 'dataset_id', message }];
  if (dataset.status === 'importing')
    return refuse(`“${dataset.name}” is still being imported. Wait until it is ready.`);
  if (dataset.status === 'failed') return refuse(`“${dataset.name}” could not be imported. Upload a corrected file.`);
  if (dataset.row_count === 0) return refuse(`“${dataset.name}” has no rows. Choose another data set.`);
  if (!dataset.columns.some(({ role }) => role !== 'id' && role !== 'excluded')) {
    return refuse('No column is learned. Give at least one a role other than id or excluded.');
  }
  const mistake = datasetMistake(model, dataset.columns, dataset.structure);
  return mistake === null ? [] : refuse(mistake);
}

function holdoutWarnings(size: RunSize | null, rowCount: number): PreflightWarning[] {
  if (!size || size.training_rows < rowCount) return [];
  const message =
    'No rows are held out, so that copying cannot be told from learning. Set a held-out share of 10 rows or more.';
  return [{ kind: 'no_holdout', column: null, message }];
}

function unknown(refusals: Refusal[]): Preflight {
  return {
    refusals,
    warnings: [],
    columns: null,
    encoded_width: null,
    parameters: null,
    training_rows: null,
    total_steps: null,
    memory_bytes: null,
    time: null,
  };
}

import { isDeepStrictEqual } from 'node:util';
import { openParquet } from '../data/parquet';
import { openModel } from '../models/open-model';
import { runSettingsSchema } from '../models/table-model';
import type { FittedModel, RunSettings } from '../models/table-model';
import { CheckpointError } from './checkpoint';
import { HoldoutTable, holdoutRows } from './holdout';
import type { Holdout } from './holdout';
import { LiveQuality } from './live-quality';
import { ProgressReporter } from './progress';
import { TrainingRun } from './training-run';
import type { Prepared } from './training-run';
import { resumedCheckpoint } from './training-task';
import type { TrainingSurroundings, TrainingTask } from './training-task';

/**
 * Trains a model on a table: prepares the data, runs the steps, saves checkpoints.
 *
 * @returns `stopped` where the signal ended it
 * @throws DataError, DivergenceError, CheckpointError with messages for people
 */
export async function train(task: TrainingTask, around: TrainingSurroundings): Promise<'completed' | 'stopped'> {
  const config = runSettingsSchema.parse(task.config);
  const prepared = await prepare(task, config, around);
  if (!prepared) return 'stopped';
  try {
    return await new TrainingRun(task, config, around, prepared).run();
  } finally {
    await prepared.fitted.model.dispose?.();
    prepared.fitted.release?.();
  }
}

/** Reads and encodes the table and builds the model; null where the signal came first. */
async function prepare(
  task: TrainingTask,
  config: RunSettings,
  around: TrainingSurroundings,
): Promise<Prepared | null> {
  const { engine, observer, clock, signal, startFrom } = around;
  const source = await openParquet(task.data.parquet_path, task.data.columns);
  const holdout = holdoutOf(task, config, { rowCount: source.rowCount, startFrom });
  const table = new HoldoutTable(source, holdout, task.seed);
  const model = openModel(task.model, config, engine);
  const stepsPerEpoch = model.stepsPerEpoch(table.rowCount);
  const progress = new ProgressReporter(observer, clock, { epochs: config.epochs, stepsPerEpoch });
  const done = resumedCheckpoint(around)?.header.step ?? 0;
  const stopped = new Error('stopped');
  const onColumn = async () => {
    await clock.breathe();
    if (signal.aborted) throw stopped;
    progress.report('preparing', done);
  };
  let fitted: FittedModel;
  try {
    fitted = await model.fit(table, task.data.columns, {
      seed: task.seed,
      onColumn,
      spill: spillOf(task, around),
      madeBy: startFrom?.checkpoint.header.engine,
    });
  } catch (error) {
    if (error === stopped) return null;
    throw error;
  }
  if (startFrom) {
    checkFits(startFrom, task, fitted);
    fitted.model.setState(startFrom.checkpoint.state);
  }
  const measuredEpoch = resumedCheckpoint(around)?.header.quality?.measured_epoch;
  const quality = new LiveQuality({ model, fitted, table, seed: task.seed, settings: config, clock, measuredEpoch });
  return { fitted, stepsPerEpoch, progress, holdout, quality };
}

/** Beside the checkpoints there is room on a disk: the folder of temporary files may be in memory. */
function spillOf({ checkpoint_folder: folder }: TrainingTask, { rowMemoryBytes }: TrainingSurroundings) {
  return rowMemoryBytes === undefined ? undefined : { folder, limitBytes: rowMemoryBytes };
}

/** Rows left out of a run that starts from a checkpoint are those of that checkpoint: its transform was learned without. */
function holdoutOf(
  { seed }: TrainingTask,
  { quality_every: every, quality_holdout: share }: RunSettings,
  { rowCount, startFrom }: { rowCount: number; startFrom: TrainingSurroundings['startFrom'] },
): Holdout | null {
  if (startFrom) return startFrom.checkpoint.header.holdout;
  const rows = every > 0 ? holdoutRows(rowCount, share) : 0;
  return rows > 0 ? { seed, rows } : null;
}

/** A checkpoint goes on only with what it was made with; anything else would learn something without saying so. */
function checkFits(
  { checkpoint, mode }: NonNullable<TrainingSurroundings['startFrom']>,
  task: TrainingTask,
  fitted: FittedModel,
): void {
  const { header } = checkpoint;
  const differences = [
    header.model === task.model ? null : `its model is ${header.model}, not ${task.model}`,
    header.seed === task.seed || mode === 'fork' ? null : `its seed is ${header.seed}, not ${task.seed}`,
    isDeepStrictEqual(header.transforms, asStored(fitted.transforms))
      ? null
      : 'its table or columns are not those of this run',
  ].filter((difference) => difference !== null);
  if (differences.length > 0) {
    throw new CheckpointError(`The run cannot go on from this checkpoint: ${differences.join('; ')}.`);
  }
}

/** A checkpoint holds JSON, in which -0 is 0. */
function asStored(transforms: FittedModel['transforms']): unknown {
  return JSON.parse(JSON.stringify(transforms));
}

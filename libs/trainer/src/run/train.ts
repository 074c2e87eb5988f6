import { toWireNumber } from '@gan-dashboard/shared-types';
import type { CheckpointFile, DatasetColumn } from '@gan-dashboard/shared-types';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { openParquet } from '../data/parquet';
import type { Engine, StepMetrics } from '../engine/engine';
import { openModel } from '../models/open-model';
import { runSettingsSchema } from '../models/table-model';
import type { FittedModel, RunSettings } from '../models/table-model';
import { CheckpointError, saveCheckpoint } from './checkpoint';
import type { Checkpoint, CheckpointHeader } from './checkpoint';
import { EpochMeans } from './epoch-means';
import type { Clock, TrainingObserver } from './observer';
import { ProgressReporter } from './progress';
import type { TrainingControl } from './training-control';
import { divergenceAdvice, epochLine } from './training-messages';

export interface TrainingTask {
  model: string;
  config: Record<string, unknown>;
  seed: number;
  data: { parquet_path: string; source_name: string; columns: readonly DatasetColumn[] };
  checkpoint_folder: string;
}

export interface TrainingSurroundings {
  engine: Engine;
  observer: TrainingObserver;
  clock: Clock;
  /** Ends the run within one step; the state is kept as a checkpoint. */
  signal: AbortSignal;
  /** What is asked for while the run is under way; absent: nothing. */
  control?: TrainingControl;
  /**
   * Where the state comes from. `resume`: the run goes on, and its result equals that of a run that was never
   * interrupted. `fork`: another run begins at step 0 with what was learned.
   */
  startFrom?: { checkpoint: Checkpoint; mode: 'resume' | 'fork' };
}

/** The checkpoint that the steps are counted on from; a fork counts from 0. */
function resumedCheckpoint({ startFrom }: TrainingSurroundings): Checkpoint | undefined {
  return startFrom?.mode === 'resume' ? startFrom.checkpoint : undefined;
}

/** The training left the range of numbers; the message says where and what to try. */
export class DivergenceError extends Error {
  override readonly name = 'DivergenceError';
}

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
  }
}

interface Prepared {
  fitted: FittedModel;
  stepsPerEpoch: number;
  progress: ProgressReporter;
}

/** Reads and encodes the table and builds the model; null where the signal came first. */
async function prepare(
  task: TrainingTask,
  config: RunSettings,
  around: TrainingSurroundings,
): Promise<Prepared | null> {
  const { engine, observer, clock, signal, startFrom } = around;
  const source = await openParquet(task.data.parquet_path, task.data.columns);
  const model = openModel(task.model, config, engine);
  const stepsPerEpoch = model.stepsPerEpoch(source.rowCount);
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
    fitted = await model.fit(source, task.data.columns, {
      seed: task.seed,
      onColumn,
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
  return { fitted, stepsPerEpoch, progress };
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
    isDeepStrictEqual(header.transforms, fitted.transforms) ? null : 'its table or columns are not those of this run',
  ].filter((difference) => difference !== null);
  if (differences.length > 0) {
    throw new CheckpointError(`The run cannot go on from this checkpoint: ${differences.join('; ')}.`);
  }
}

class TrainingRun {
  private step: number;
  private savedStep: number;
  private savedAt: number;
  /** Means of the last epoch that was complete. */
  private reported: CheckpointHeader['metrics'];
  private readonly means: EpochMeans;
  private readonly progress: ProgressReporter;
  private readonly totalSteps: number;
  private epochStart = { step: 0, at: 0 };

  constructor(
    private readonly task: TrainingTask,
    private readonly config: RunSettings,
    private readonly around: TrainingSurroundings,
    private readonly prepared: Prepared,
  ) {
    const resumed = resumedCheckpoint(around);
    this.step = resumed?.header.step ?? 0;
    this.savedStep = this.step;
    this.savedAt = around.clock.now();
    this.reported = resumed?.header.metrics ?? {};
    this.means = new EpochMeans(resumed?.header.epoch_sums);
    this.totalSteps = config.epochs * prepared.stepsPerEpoch;
    this.progress = prepared.progress;
  }

  async run(): Promise<'completed' | 'stopped'> {
    const { clock, signal, observer } = this.around;
    this.announce();
    this.epochStart = { step: this.step, at: clock.now() };
    this.progress.report('training', this.step);
    while (this.step < this.totalSteps && !signal.aborted) {
      this.means.add(this.oneStep());
      this.progress.report('training', this.step);
      if (this.step % this.prepared.stepsPerEpoch === 0) await this.endEpoch();
      await clock.breathe();
      await this.answerRequests();
    }
    const isComplete = this.step >= this.totalSteps;
    if (this.step > this.savedStep || isComplete) await this.save(isComplete ? 'end' : 'stop');
    else observer.log('info', 'Stopped before anything new was learned: no checkpoint was written.');
    return isComplete ? 'completed' : 'stopped';
  }

  /** Saves when it was asked for or is due, and waits as long as the run is paused. */
  private async answerRequests(): Promise<void> {
    const { control, observer, clock, signal } = this.around;
    if (control?.takeCheckpointRequest()) await this.save('requested');
    else if (this.isSaveDue()) await this.save('schedule');
    if (!control?.isPaused || signal.aborted) return;
    const pausedAt = clock.now();
    // What was last reported may be some steps ago, and stands for as long as the pause does.
    this.progress.report('training', this.step, true);
    observer.paused(this.step);
    while (control.isPaused && !signal.aborted) {
      await control.nextRequest(signal);
      if (control.takeCheckpointRequest()) await this.save('requested');
    }
    this.epochStart.at += clock.now() - pausedAt;
    this.progress.forgetLastStep();
    if (!signal.aborted) observer.resumed(this.step);
  }

  private isSaveDue(): boolean {
    const { checkpoint_seconds: seconds } = this.config;
    const isNew = this.step > this.savedStep && this.step < this.totalSteps;
    return seconds > 0 && isNew && this.around.clock.now() - this.savedAt >= seconds * 1000;
  }

  private announce(): void {
    const { observer } = this.around;
    const { fitted, stepsPerEpoch } = this.prepared;
    const { parameters } = fitted.model;
    const counts = Object.entries(parameters).map(([name, count]) => `${name} ${count.toLocaleString('en')}`);
    observer.log(
      'info',
      `${fitted.rowCount.toLocaleString('en')} rows, ${fitted.transforms.length} columns, encoded width ${fitted.encodedWidth}`,
    );
    observer.log('info', `Parameters: ${counts.join(', ')}`);
    observer.log('info', `${stepsPerEpoch} steps an epoch, ${fitted.batchSize} rows a batch`);
    observer.started({
      status: 'started',
      message: `Training ${this.task.model} on ${this.task.data.source_name}`,
      config: this.config,
      data_source: this.task.data.source_name,
      model: this.task.model,
      total_epochs: this.config.epochs,
      parameters,
      seed: this.task.seed,
      engine: fitted.engine,
    });
  }

  private oneStep(): StepMetrics {
    const metrics = this.prepared.fitted.model.step({ step: this.step, totalSteps: this.totalSteps });
    this.step++;
    const broken = Object.entries(metrics).find(([, value]) => !Number.isFinite(value));
    if (broken) {
      const epoch = Math.ceil(this.step / this.prepared.stepsPerEpoch);
      throw new DivergenceError(
        `Training diverged: ${broken[0]} became ${broken[1]} at step ${this.step} (epoch ${epoch}). ${divergenceAdvice(this.config)}`,
      );
    }
    return metrics;
  }

  private async endEpoch(): Promise<void> {
    const { observer, clock } = this.around;
    const epoch = this.step / this.prepared.stepsPerEpoch;
    const seconds = (clock.now() - this.epochStart.at) / 1000;
    const steps = this.step - this.epochStart.step;
    const means = this.means.take();
    const speed = seconds > 0 ? steps / seconds : Number.NaN;
    const rows = speed * this.prepared.fitted.rowsPerStep;
    this.reported = onWire(means);
    // A speed that could not be measured is left out.
    const speeds = Number.isNaN(speed) ? {} : onWire({ steps_per_second: speed, rows_per_second: rows });
    observer.update({ epoch, total_epochs: this.config.epochs, step: this.step, ...this.reported, ...speeds });
    observer.log('info', epochLine(epoch, this.config.epochs, { ...means, seconds }));
    const every = this.config.checkpoint_every;
    if (every > 0 && epoch % every === 0 && this.step < this.totalSteps) await this.save('schedule');
    this.epochStart = { step: this.step, at: clock.now() };
  }

  private async save(reason: CheckpointFile['reason']): Promise<void> {
    const { observer } = this.around;
    const { fitted, stepsPerEpoch } = this.prepared;
    this.progress.report('saving', this.step, true);
    const state = fitted.model.getState();
    for (const [name, values] of Object.entries(state)) {
      if (!values.every(Number.isFinite)) throw new DivergenceError(`Training diverged: ${name} is not finite.`);
    }
    const epoch = Math.floor(this.step / stepsPerEpoch);
    const header = {
      model: this.task.model,
      config: this.config,
      seed: this.task.seed,
      source_name: this.task.data.source_name,
      columns: [...this.task.data.columns],
      row_count: fitted.rowCount,
      transforms: fitted.transforms,
      engine: fitted.engine,
      epoch,
      step: this.step,
      epoch_sums: this.means.getSums(),
      metrics: this.reported,
    };
    const name = `epoch-${String(epoch).padStart(6, '0')}-step-${String(this.step).padStart(9, '0')}.ckpt`;
    const file = await saveCheckpoint(join(this.task.checkpoint_folder, name), { header, state }, reason);
    this.savedStep = this.step;
    this.savedAt = this.around.clock.now();
    observer.checkpoint(file);
    observer.log('info', `Checkpoint after step ${this.step}: ${(file.size_bytes / 1e6).toFixed(1)} MB`);
  }
}

function onWire(metrics: Record<string, number>): CheckpointHeader['metrics'] {
  return Object.fromEntries(Object.entries(metrics).map(([name, value]) => [name, toWireNumber(value)]));
}

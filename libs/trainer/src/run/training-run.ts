import { toWireNumber } from '@gan-dashboard/shared-types';
import type { CheckpointFile } from '@gan-dashboard/shared-types';
import { join } from 'node:path';
import type { ModelState, StepMetrics } from '../engine/engine';
import { HealthMonitor } from '../health/health-monitor';
import type { FittedModel, RunSettings } from '../models/table-model';
import { saveCheckpoint } from './checkpoint';
import type { Checkpoint, CheckpointHeader } from './checkpoint';
import { EpochMeans } from './epoch-means';
import type { Holdout } from './holdout';
import type { LiveQuality } from './live-quality';
import type { ProgressReporter } from './progress';
import { QualityRecord } from './quality-record';
import { divergenceAdvice, epochLine, qualityLine } from './training-messages';
import { resumedCheckpoint } from './training-task';
import type { TrainingSurroundings, TrainingTask } from './training-task';

/** The training left the range of numbers; the message says where and what to try. */
export class DivergenceError extends Error {
  override readonly name = 'DivergenceError';
}

export interface Prepared {
  fitted: FittedModel;
  stepsPerEpoch: number;
  progress: ProgressReporter;
  holdout: Holdout | null;
  quality: LiveQuality;
}

/** Milliseconds between two checkpoints that are written because the quality is the best so far. */
const bestEvery = 20_000;

export class TrainingRun {
  private step: number;
  private savedStep: number;
  private savedAt: number;
  /** Means of the last epoch that was complete. */
  private reported: CheckpointHeader['metrics'];
  private readonly means: EpochMeans;
  private readonly progress: ProgressReporter;
  private readonly totalSteps: number;
  private epochStart = { step: 0, at: 0 };
  private readonly health: HealthMonitor;
  private readonly record: QualityRecord;
  /** The state of the best quality so far, while it is too early to write another checkpoint. */
  private best: Checkpoint | undefined;
  private bestSavedAt: number;
  private earlyEnd: string | undefined;

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
    this.bestSavedAt = this.savedAt;
    this.reported = resumed?.header.metrics ?? {};
    this.means = new EpochMeans(resumed?.header.epoch_sums);
    this.totalSteps = config.epochs * prepared.stepsPerEpoch;
    this.progress = prepared.progress;
    this.record = new QualityRecord(resumed?.header.quality ?? undefined);
    this.health = new HealthMonitor(config);
  }

  async run(): Promise<'completed' | 'stopped'> {
    const { clock, signal, observer } = this.around;
    this.announce();
    this.epochStart = { step: this.step, at: clock.now() };
    this.progress.report('training', this.step);
    while (this.step < this.totalSteps && !signal.aborted && this.earlyEnd === undefined) {
      this.means.add(this.oneStep());
      this.progress.report('training', this.step);
      if (this.step % this.prepared.stepsPerEpoch === 0) await this.endEpoch();
      await clock.breathe();
      await this.answerRequests();
    }
    const isComplete = this.step >= this.totalSteps || this.earlyEnd !== undefined;
    if (this.step > this.savedStep || isComplete) await this.save(isComplete ? 'end' : 'stop');
    else observer.log('info', 'Stopped before anything new was learned: no checkpoint was written.');
    return isComplete ? 'completed' : 'stopped';
  }

  /** Saves when it was asked for or is due, and waits as long as the run is paused. */
  private async answerRequests(): Promise<void> {
    const { control, observer, clock, signal } = this.around;
    if (control?.takeCheckpointRequest()) await this.save('requested');
    else if (this.isSaveDue()) await this.save('schedule');
    else if (this.best && clock.now() - this.bestSavedAt >= bestEvery) await this.saveBest();
    if (!control?.isPaused || signal.aborted) return;
    const pausedAt = clock.now();
    // What was last reported may be some steps ago, and stands for as long as the pause does.
    this.progress.report('training', this.step, true);
    observer.paused(this.step);
    while (control.isPaused && !signal.aborted) {
      await control.nextRequest(signal);
      if (control.takeCheckpointRequest()) await this.save('requested');
    }
    const waited = clock.now() - pausedAt;
    this.epochStart.at += waited;
    this.prepared.quality.paused(waited);
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
    const { fitted, stepsPerEpoch, holdout } = this.prepared;
    const { parameters } = fitted.model;
    const counts = Object.entries(parameters).map(([name, count]) => `${name} ${count.toLocaleString('en')}`);
    observer.log(
      'info',
      `${fitted.rowCount.toLocaleString('en')} rows, ${fitted.transforms.length} columns, encoded width ${fitted.encodedWidth}`,
    );
    if (holdout) {
      observer.log('info', `Held out to judge by: ${holdout.rows.toLocaleString('en')} rows that training never sees`);
    }
    for (const message of fitted.messages ?? []) observer.log('info', message);
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
      const [name, value] = broken;
      const epoch = Math.ceil(this.step / this.prepared.stepsPerEpoch);
      const message = `${name} became ${value} at step ${this.step} (epoch ${epoch})`;
      this.around.observer.health(
        this.health.notFinite({ message, numbers: { [name]: value } }, { epoch, step: this.step }),
      );
      throw new DivergenceError(`Training diverged: ${message}. ${divergenceAdvice(this.config)}`);
    }
    this.health.step(metrics);
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
    await this.judge(epoch);
    const every = this.config.checkpoint_every;
    if (every > 0 && epoch % every === 0 && this.step < this.totalSteps) await this.save('schedule');
    this.epochStart = { step: this.step, at: clock.now() };
  }

  /** Measures the quality where it is due, and says what becomes of the run by it. */
  private async judge(epoch: number): Promise<void> {
    const { observer } = this.around;
    const { quality, fitted } = this.prepared;
    const place = { epoch, step: this.step, isLast: this.step >= this.totalSteps };
    if (quality.isDue(place)) {
      this.progress.report('evaluating', this.step, true);
      const state = fitted.model.getState();
      const measured = await quality.measure(state, place);
      const isBest = measured.state === 'measured' && this.record.add(measured);
      observer.quality({ ...measured, is_best: isBest });
      observer.log(measured.state === 'failed' ? 'warning' : 'info', qualityLine(measured));
      this.health.quality(measured);
      if (isBest && !place.isLast) this.best = { header: this.header(), state };
      this.earlyEnd = this.record.reasonToStop(this.config.early_stopping_patience);
      if (this.earlyEnd !== undefined && !place.isLast) observer.endsEarly(this.earlyEnd);
      this.progress.forgetLastStep();
    }
    const alert = this.health.verdict(place);
    if (!alert) return;
    observer.health(alert);
    observer.log(alert.severity === 'ok' ? 'info' : 'warning', `Health: ${alert.message}`);
  }

  private async save(reason: CheckpointFile['reason']): Promise<void> {
    // The best state lies before this one or is this one.
    if (this.best && this.best.header.step < this.step) await this.saveBest();
    this.best = undefined;
    await this.write({ header: this.header(), state: this.prepared.fitted.model.getState() }, reason);
  }

  private async saveBest(): Promise<void> {
    if (!this.best) return;
    const { header, state } = this.best;
    this.best = undefined;
    this.bestSavedAt = this.around.clock.now();
    await this.write({ header, state }, 'best');
  }

  private header(): CheckpointHeader {
    const { fitted, stepsPerEpoch, holdout } = this.prepared;
    return {
      model: this.task.model,
      config: this.config,
      seed: this.task.seed,
      source_name: this.task.data.source_name,
      columns: [...this.task.data.columns],
      row_count: fitted.rowCount,
      transforms: fitted.transforms,
      engine: fitted.engine,
      epoch: Math.floor(this.step / stepsPerEpoch),
      step: this.step,
      epoch_sums: this.means.getSums(),
      metrics: { ...this.reported, ...this.record.metrics },
      holdout,
      quality: this.record.getState(),
    };
  }

  private async write({ header, state }: Checkpoint, reason: CheckpointFile['reason']): Promise<void> {
    const { observer } = this.around;
    const { epoch, step } = header;
    this.progress.report('saving', this.step, true);
    checkFinite(state);
    const name = `epoch-${String(epoch).padStart(6, '0')}-step-${String(step).padStart(9, '0')}.ckpt`;
    const file = await saveCheckpoint(join(this.task.checkpoint_folder, name), { header, state }, reason);
    this.savedStep = step;
    this.savedAt = this.around.clock.now();
    observer.checkpoint(file);
    const why = reason === 'best' ? ', the best quality so far' : '';
    observer.log('info', `Checkpoint after step ${step}${why}: ${(file.size_bytes / 1e6).toFixed(1)} MB`);
  }
}

function checkFinite(state: ModelState): void {
  for (const [name, values] of Object.entries(state)) {
    if (!values.every(Number.isFinite)) throw new DivergenceError(`Training diverged: ${name} is not finite.`);
  }
}

function onWire(metrics: Record<string, number>): CheckpointHeader['metrics'] {
  return Object.fromEntries(Object.entries(metrics).map(([name, value]) => [name, toWireNumber(value)]));
}

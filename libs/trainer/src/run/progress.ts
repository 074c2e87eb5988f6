import type { Clock, Progress, TrainingObserver } from './observer';

/** Milliseconds between two reports of the same phase. */
const reportEvery = 100;
/** Share of the running mean of step times that a new step takes. */
const speedWeight = 0.05;

/** Reports progress at most ten times a second; the percentage never falls. */
export class ProgressReporter {
  private readonly startedAt: number;
  private reportedAt = Number.NEGATIVE_INFINITY;
  private phase: Progress['phase'] = 'preparing';
  private percent = 0;
  private lastStep: { step: number; at: number } | null = null;
  private stepTime: number | null = null;

  constructor(
    private readonly observer: Pick<TrainingObserver, 'progress'>,
    private readonly clock: Clock,
    private readonly totals: { epochs: number; stepsPerEpoch: number },
  ) {
    this.startedAt = clock.now();
  }

  /**
   * @param step steps that are done
   * @param isForced reports even if the last report was just now
   */
  report(phase: Progress['phase'], step: number, isForced = false): void {
    const now = this.clock.now();
    if (phase === 'training') this.measure(step, now);
    if (!isForced && phase === this.phase && now - this.reportedAt < reportEvery) return;
    this.phase = phase;
    this.reportedAt = now;
    this.observer.progress(this.describe(phase, step, now));
  }

  /** The time since the last step was a pause: it says nothing about the time of a step. */
  forgetLastStep(): void {
    this.lastStep = null;
  }

  private measure(step: number, now: number): void {
    const last = this.lastStep;
    this.lastStep = { step, at: now };
    if (!last || step <= last.step) return;
    const time = (now - last.at) / (step - last.step);
    this.stepTime = this.stepTime === null ? time : this.stepTime + speedWeight * (time - this.stepTime);
  }

  private describe(phase: Progress['phase'], step: number, now: number): Progress {
    const { epochs, stepsPerEpoch } = this.totals;
    const totalSteps = epochs * stepsPerEpoch;
    this.percent = Math.max(this.percent, Math.min(100, totalSteps === 0 ? 0 : (100 * step) / totalSteps));
    return {
      epoch: Math.min(epochs, stepsPerEpoch === 0 ? 0 : Math.ceil(step / stepsPerEpoch)),
      total_epochs: epochs,
      step,
      total_steps: totalSteps,
      progress_percent: this.percent,
      phase,
      elapsed_seconds: (now - this.startedAt) / 1000,
      ...(phase === 'training' && this.stepTime !== null
        ? { eta_seconds: ((totalSteps - step) * this.stepTime) / 1000 }
        : {}),
    };
  }
}

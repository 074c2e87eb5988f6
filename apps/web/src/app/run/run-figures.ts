import { fromWireNumber, isFinalRunStatus } from '@gan-dashboard/shared-types';
import type { Run } from '@gan-dashboard/shared-types';
import { formatDuration, formatMetric, notMeasured } from '../design/format';
import type { RunPicture } from './run-picture';

export interface Figure {
  key: string;
  label: string;
  value: string;
  /** A CSS colour that ties the figure to its line in the charts. */
  color?: string;
}

/** The last value of a metric; absent where it was not measured. */
export function lastMetric(run: Run, name: string): number | undefined {
  const value = run.summary[name];
  return value === undefined ? undefined : fromWireNumber(value);
}

/** Seconds from start to end, or to now; null before the start. */
export function elapsedSeconds(run: Pick<Run, 'started_at' | 'ended_at'>, now: number): number | null {
  if (run.started_at === null) return null;
  const end = run.ended_at === null ? now : Date.parse(run.ended_at);
  return Math.max(0, (end - Date.parse(run.started_at)) / 1_000);
}

function metricFigure(run: Run, name: string, label: string, color: string): Figure {
  return { key: name, label, value: formatMetric(lastMetric(run, name)), color: `var(--gd-${color})` };
}

/** The figures at the head of a run. What was not measured is a dash. */
export function runFigures({ run, stepsPerSecond }: RunPicture, now: number): Figure[] {
  const isFinal = isFinalRunStatus(run.status);
  const rate = lastMetric(run, 'steps_per_second') ?? stepsPerSecond;
  const epochs = run.total_epochs > 0 ? `${run.epoch} / ${run.total_epochs}` : notMeasured;
  return [
    { key: 'epoch', label: $localize`Epoch`, value: epochs },
    { key: 'steps_per_second', label: 'Steps/s', value: rate === null ? notMeasured : formatMetric(rate) },
    { key: 'elapsed', label: $localize`Elapsed`, value: formatDuration(elapsedSeconds(run, now)) },
    { key: 'eta', label: 'ETA', value: isFinal ? notMeasured : formatDuration(run.eta_seconds) },
    metricFigure(run, 'generator_loss', $localize`Generator loss`, 'generator'),
    metricFigure(run, 'discriminator_loss', $localize`Discriminator loss`, 'discriminator'),
    metricFigure(run, 'real_scores', $localize`Real score`, 'real'),
    metricFigure(run, 'fake_scores', $localize`Fake score`, 'fake'),
  ];
}

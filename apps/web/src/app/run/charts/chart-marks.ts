import type { RunMark, RunMessage } from '@gan-dashboard/shared-types';
import type { ChartMark } from '../../charts/metric/chart-words';

/** The newest of these are enough for any screen. */
export const maxMarks = 200;

const paused = $localize`paused`;

/**
 * What an event puts on the charts; null for most. Pauses and samples carry no step of their own: they stand where the
 * run was, `step`.
 */
export function markOf(message: RunMessage, step: number): ChartMark | null {
  switch (message.type) {
    case 'health_alert':
      return message.data.severity === 'ok'
        ? null
        : { kind: 'alert', step: message.data.step, label: message.data.message };
    case 'status_update':
      return message.data.status === 'paused' ? { kind: 'pause', step, label: paused } : null;
    case 'sample_generation_complete':
      return { kind: 'sample', step, label: rowsDrawn(message.data.rows) };
    case 'checkpoint_saved':
    case 'log_entry':
    case 'progress':
    case 'quality_update':
    case 'resource_update':
    case 'sample_generation_error':
    case 'training_complete':
    case 'training_start':
    case 'training_update':
      return null;
  }
}

/** What the server has kept, as it is drawn. */
export function storedMark(mark: RunMark): ChartMark {
  const { kind, step } = mark;
  switch (mark.kind) {
    case 'alert':
      return { kind, step, label: mark.message };
    case 'pause':
      return { kind, step, label: paused };
    case 'sample':
      return { kind, step, label: rowsDrawn(mark.rows) };
  }
}

function rowsDrawn(rows: number): string {
  return $localize`${rows} rows drawn`;
}

import type { RunMessage } from '@gan-dashboard/shared-types';
import type { ChartMark } from '../../charts/metric/chart-words';

/** The newest of these are enough for any screen. */
export const maxMarks = 200;

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
      return message.data.status === 'paused' ? { kind: 'pause', step, label: 'paused' } : null;
    case 'sample_generation_complete':
      return { kind: 'sample', step, label: $localize`${message.data.rows} rows drawn` };
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

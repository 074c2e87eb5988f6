import type { EntityManager } from 'typeorm';
import { fromWireNumber } from '@gan-dashboard/shared-types';
import type { LogEntry, RunEventData, RunMessage, WireNumber } from '@gan-dashboard/shared-types';
import { writeLines } from './log-chunks';
import { writeSegments } from './metric-segments';
import type { SeriesPoints } from './metric-segments';
import { writeQuality } from './quality-store';

type Update = Extract<RunMessage, { type: 'training_update' | 'resource_update' | 'quality_update' }>;

/**
 * Writes the metrics and log lines of a batch of one run's events, within the transaction that writes the batch. A step
 * that is trained again after a resume overwrites what it measured before; the same batch again changes nothing in what
 * is read.
 */
export async function projectHistory(manager: EntityManager, messages: readonly RunMessage[]): Promise<void> {
  const [first] = messages;
  if (!first) return;
  const updates = messages.filter((message): message is Update => hasMetrics.has(message.type));
  const lines = messages.flatMap((message): LogEntry[] => (message.type === 'log_entry' ? [message.data] : []));
  if (updates.length > 0) await writeSegments(manager, first.run_id, seriesOf(updates));
  const qualities = updates.filter((message) => message.type === 'quality_update');
  if (qualities.length > 0) await writeQuality(manager, qualities);
  if (lines.length > 0) await writeLines(manager, first.run_id, lines);
}

const hasMetrics: ReadonlySet<RunMessage['type']> = new Set<Update['type']>([
  'training_update',
  'resource_update',
  'quality_update',
]);

/** The measured values of an update, by name. */
export function metricsOf(update: Update): Record<string, WireNumber> {
  if (update.type === 'quality_update') return qualityMetrics(update.data);
  const { epoch: _epoch, total_epochs: _total, step: _step, ...metrics } = update.data;
  return metrics;
}

/** `quality_overall` and its like: the scores; what stands beside them is in the event. */
function qualityMetrics({ scores, memorising }: RunEventData<'quality_update'>): Record<string, WireNumber> {
  const metrics: Record<string, WireNumber> = {};
  for (const [name, score] of Object.entries(scores)) metrics[`quality_${name}`] = score.value;
  if (memorising?.distance_ratio !== undefined) metrics['quality_distance_ratio'] = memorising.distance_ratio;
  return metrics;
}

/** Series that were measured by the same updates share their steps and times, and so a row. */
function seriesOf(updates: readonly Update[]): SeriesPoints[] {
  const measured = new Map<string, { at: number[]; values: number[] }>();
  for (const [index, update] of updates.entries()) {
    for (const [key, value] of Object.entries<WireNumber | undefined>(metricsOf(update))) {
      if (value === undefined) continue;
      let series = measured.get(key);
      if (!series) measured.set(key, (series = { at: [], values: [] }));
      series.at.push(index);
      series.values.push(fromWireNumber(value));
    }
  }
  const axes = new Map<string, Pick<SeriesPoints, 'steps' | 'times' | 'epochs'>>();
  return Array.from(measured, ([key, { at, values }]) => {
    const content = at.join();
    let axis = axes.get(content);
    if (!axis) axes.set(content, (axis = axisOf(at.map((index) => updates[index] as Update))));
    return { key, values, ...axis };
  });
}

function axisOf(updates: readonly Update[]): Pick<SeriesPoints, 'steps' | 'times' | 'epochs'> {
  return {
    steps: updates.map(({ data }) => data.step),
    times: updates.map(({ timestamp }) => Date.parse(timestamp)),
    // 0: the trainer does not count epochs.
    epochs: updates.map(({ data }) => data.epoch ?? 0),
  };
}

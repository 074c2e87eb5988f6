import { fromWireNumber } from '@gan-dashboard/shared-types';
import type { WireNumber } from '@gan-dashboard/shared-types';

/**
 * By what the checkpoints of a run are compared: the first of these that the trainer reports, nearest to `ideal`. The
 * losses of a GAN's players say nothing by themselves (they measure each other), so none of them stands here.
 *
 * - `wasserstein_estimate`: models with a Wasserstein critic (Arjovsky et al. 2017, section 3: it follows the quality of
 *   the samples, once the critic has been trained). It is a distance: below 0, the critic is wrong.
 * - `loss`: models with one objective, such as TVAE (the negative evidence lower bound).
 */
const comparedBy = [
  { name: 'wasserstein_estimate', distance: Math.abs },
  { name: 'loss', distance: (value: number) => value },
] as const;

interface Comparison {
  name: string;
  distance: (value: number) => number;
}

/** The value that a checkpoint is compared by, lower is better; undefined where nothing of the kind was measured. */
function scoreOf(metrics: Record<string, WireNumber>, { name, distance }: Comparison): number | undefined {
  const value = metrics[name];
  const score = value === undefined ? Number.NaN : distance(fromWireNumber(value));
  return Number.isFinite(score) ? score : undefined;
}

/** The quality of the rows, as it was measured last before the checkpoint: where there is one, nothing else counts. */
const quality: Comparison = { name: 'quality_overall', distance: (value) => -value };

/**
 * The best of the checkpoints of one run; undefined where none of them can be compared. By a loss only those of the
 * second half of the steps so far count: the estimate of a critic that has hardly learned is small, whatever the samples
 * are like. A quality is measured on the samples themselves.
 */
export function bestOf<Saved extends { step: number; metrics: Record<string, WireNumber> }>(
  checkpoints: readonly Saved[],
): Saved | undefined {
  const byQuality = lowest(checkpoints, quality);
  if (byQuality) return byQuality;
  const newest = Math.max(...checkpoints.map(({ step }) => step));
  const late = checkpoints.filter(({ step }) => 2 * step >= newest);
  const comparison = comparedBy.find((one) => late.some(({ metrics }) => scoreOf(metrics, one) !== undefined));
  return comparison && lowest(late, comparison);
}

/** The first with the lowest score; a checkpoint carries on a quality that was measured before it, so the earliest has it. */
function lowest<Saved extends { metrics: Record<string, WireNumber> }>(
  checkpoints: readonly Saved[],
  comparison: Comparison,
): Saved | undefined {
  let best: { checkpoint: Saved; score: number } | undefined;
  for (const checkpoint of checkpoints) {
    const score = scoreOf(checkpoint.metrics, comparison);
    if (score !== undefined && (best === undefined || score < best.score)) best = { checkpoint, score };
  }
  return best?.checkpoint;
}

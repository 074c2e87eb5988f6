import { fromWireNumber } from '@gan-dashboard/shared-types';
import type { WireNumber } from '@gan-dashboard/shared-types';

/**
 * By what the checkpoints of a run are compared: the first of these that the trainer reports, lower is better. The
 * losses of a GAN's players say nothing by themselves (they measure each other), so none of them stands here.
 *
 * - `wasserstein_estimate`: models with a Wasserstein critic (Arjovsky et al. 2017, section 3: it follows the quality of
 *   the samples, once the critic has been trained).
 * - `loss`: models with one objective, such as TVAE (the negative evidence lower bound).
 */
const comparedBy = ['wasserstein_estimate', 'loss'] as const;

/** The value that a checkpoint is compared by; undefined where nothing of the kind was measured. */
function scoreOf(metrics: Record<string, WireNumber>, name: string): number | undefined {
  const value = metrics[name];
  const score = value === undefined ? Number.NaN : fromWireNumber(value);
  return Number.isFinite(score) ? score : undefined;
}

/** The best of the checkpoints of one run; undefined where none of them can be compared. */
export function bestOf<Saved extends { metrics: Record<string, WireNumber> }>(
  checkpoints: readonly Saved[],
): Saved | undefined {
  const name = comparedBy.find((candidate) =>
    checkpoints.some(({ metrics }) => scoreOf(metrics, candidate) !== undefined),
  );
  if (name === undefined) return undefined;
  let best: { checkpoint: Saved; score: number } | undefined;
  for (const checkpoint of checkpoints) {
    const score = scoreOf(checkpoint.metrics, name);
    if (score !== undefined && (best === undefined || score < best.score)) best = { checkpoint, score };
  }
  return best?.checkpoint;
}

import type { QualityUpdate, WireNumber } from '@gan-dashboard/shared-types';
import { z } from 'zod';

/** What a run remembers of its quality; kept in checkpoints, so that a resumed run goes on counting. */
export const qualityRecordSchema = z.object({
  /** The scores that were measured last, by the names of their series. */
  metrics: z.record(z.string(), z.number()),
  best: z.object({ overall: z.number(), epoch: z.int(), step: z.int() }).nullable(),
  measured_epoch: z.int().optional(),
  /** Measurements since the best one. */
  without_improvement: z.int().min(0),
});
export type QualityRecordState = z.infer<typeof qualityRecordSchema>;

/** An improvement of less than this is noise of the probe. */
const leastImprovement = 1e-4;

/** The best quality of a run so far and how long ago it was. */
export class QualityRecord {
  constructor(private state: QualityRecordState = { metrics: {}, best: null, without_improvement: 0 }) {}

  /** @returns whether it is the best so far */
  add({ scores, epoch, step, memorising }: QualityUpdate): boolean {
    const metrics: QualityRecordState['metrics'] = Object.fromEntries(
      Object.entries(scores).map(([name, { value }]) => [`quality_${name}`, value]),
    );
    if (memorising?.distance_ratio !== undefined) metrics['quality_distance_ratio'] = memorising.distance_ratio;
    const overall = scores.overall?.value;
    const { best, without_improvement: since } = this.state;
    const isBest = overall !== undefined && (best === null || overall > best.overall + leastImprovement);
    this.state = isBest
      ? { metrics, best: { overall, epoch, step }, measured_epoch: epoch, without_improvement: 0 }
      : { metrics, best, measured_epoch: epoch, without_improvement: since + 1 };
    return isBest;
  }

  /** The scores that were measured last, for a checkpoint. */
  get metrics(): Record<string, WireNumber> {
    return this.state.metrics;
  }

  /** Why the run should end now, undefined where it should go on. @param patience measurements; 0: never */
  reasonToStop(patience: number): string | undefined {
    const { best, without_improvement: since } = this.state;
    if (patience === 0 || best === null || since < patience) return undefined;
    return (
      `Stopped early: the quality was not better than ${best.overall.toFixed(3)} of epoch ${best.epoch} in ` +
      `${since} measurements in a row (early_stopping_patience).`
    );
  }

  getState(): QualityRecordState {
    return { ...this.state };
  }
}

import type { Memorising } from '@gan-dashboard/shared-types';
import { distancesToClosest, scalesOf } from '../quality/privacy/closest-record';
import type { Scales } from '../quality/privacy/closest-record';
import { exactCopies } from '../quality/privacy/copies';
import { medianOf } from '../quality/privacy/rows';
import { takeRows } from '../quality/table';
import type { QualityTable } from '../quality/table';
import { rounded } from './column-parts';
import { rangeOf } from './live-scores';

/** Rows of the model whose distances are measured: the time is in proportion to these times the training rows. */
const mostJudged = 250;

/**
 * Whether a model gives back its training rows, by distances to the closest record: those of its rows, beside those of
 * rows that were held out. Of a large table only the training rows that were kept are looked at.
 */
export class MemorisingMeasure {
  private readonly scales: Scales;
  /** Median distance of the held-out rows to the training rows: how close fresh rows come. */
  private readonly freshDistance: number;
  private readonly copiedInHoldout: number;

  /** @param heldOut at least one row */
  constructor(
    private readonly training: QualityTable,
    private readonly heldOut: QualityTable,
  ) {
    this.scales = scalesOf(training, heldOut);
    const judged = takeRows(heldOut, rangeOf(0, Math.min(mostJudged, heldOut.rowCount)));
    this.freshDistance = medianOf(distancesToClosest(judged, training, this.scales));
    this.copiedInHoldout = exactCopies(heldOut, training).copied;
  }

  measure(probe: QualityTable): Memorising {
    const judged = takeRows(probe, rangeOf(0, Math.min(mostJudged, probe.rowCount)));
    const toTraining = distancesToClosest(judged, this.training, this.scales);
    const toHeldOut = distancesToClosest(judged, this.heldOut, this.scales);
    const closer = toTraining.reduce((count, near, row) => count + (near < (toHeldOut[row] ?? 0) ? 1 : 0), 0);
    const { rowCount } = this.training;
    return {
      // Where fresh rows are copies as well, a ratio says nothing.
      ...(this.freshDistance > 0 ? { distance_ratio: rounded(medianOf(toTraining) / this.freshDistance) } : {}),
      closer_to_training: rounded(closer / judged.rowCount),
      expected_closer: rounded(rowCount / (rowCount + this.heldOut.rowCount)),
      copied: rounded(exactCopies(judged, this.training).copied),
      copied_in_holdout: rounded(this.copiedInHoldout),
      judged_rows: judged.rowCount,
    };
  }
}

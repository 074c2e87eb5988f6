import type { QualityScore } from '@gan-dashboard/shared-types';
import { meanOf } from '../mean';

/** What a score is judged by beside its value. */
export interface ScoreReferences {
  floor?: number | undefined;
  /** The score of a real half beside the other, once per split. */
  ceilings?: readonly (number | undefined)[];
  /** The score of as many synthetic rows beside the same half, once per split. Default: the value. */
  matched?: readonly (number | undefined)[];
  /** By how much the ceiling varies by chance; default by the splits, see `marginOf`. */
  margin?: number;
  /** What no score can exceed. Default 1 where higher is better, else 0. */
  ideal?: number;
}

type ScoreName = Pick<QualityScore, 'name' | 'section' | 'better'>;

/**
 * A score with its floor and ceiling. It is above its ceiling where the score of as many rows as the ceiling was
 * measured on exceeds it by more than the margin: a model that learned the distribution comes as close to a real half
 * as the other half does, only copies come closer.
 */
export function scored(
  name: ScoreName,
  value: number | undefined,
  { floor, ceilings, matched, margin, ideal = name.better === 'higher' ? 1 : 0 }: ScoreReferences = {},
): QualityScore {
  const ceiling = ceilings && meanOf(ceilings);
  const atCeilingRows = matched ? meanOf(matched) : value;
  const score: QualityScore = { ...name, value: value ?? null, is_above_ceiling: false };
  if (floor !== undefined) score.floor = floor;
  if (matched) score.matched = atCeilingRows ?? null;
  if (ceilings) score.ceiling = ceiling ?? null;
  if (ceilings && ceiling !== undefined && atCeilingRows !== undefined) {
    score.ceiling_margin = margin ?? marginOf(ceilings, ideal);
    const excess = name.better === 'higher' ? atCeilingRows - ceiling : ceiling - atCeilingRows;
    score.is_above_ceiling = excess > score.ceiling_margin;
  }
  return score;
}

/** Three standard deviations of the splits, and no less than a tenth of what the ceiling lacks to the ideal. */
function marginOf(ceilings: readonly (number | undefined)[], ideal: number): number {
  const known = ceilings.filter((each) => each !== undefined);
  const mean = meanOf(known) ?? ideal;
  const variance = known.length < 2 ? 0 : known.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (known.length - 1);
  return Math.max(3 * Math.sqrt(variance), Math.abs(ideal - mean) / 10);
}

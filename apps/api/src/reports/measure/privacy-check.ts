import { distancesToClosest, exactCopies, QualityError, Random, takeRows } from '@gan-dashboard/trainer';
import type { QualityTable } from '@gan-dashboard/trainer';
import type { PrivacyCheck } from '@gan-dashboard/shared-types';

/** Rows whose distances are measured, of each table: they take time in proportion to all real rows. */
const distanceRows = 1_000;
/** Held-back real rows are at most this share of all, so that the others still stand for the whole. */
const heldBackShare = 0.2;
/** Of the held-back real rows, this share is closer to another real row than the threshold. */
const closestShare = 0.05;

/**
 * How near synthetic rows come to real ones. What is near by chance is known from real rows: some are held back, and
 * their distances to the closest of the others (DCR) say how near a row comes that was not copied. A row counts as too
 * near where it is nearer than all but the closest 5 % of those; of honest rows that is true for 5 %.
 *
 * @throws QualityError where the tables cannot be compared or there are too few real rows
 */
export function privacyCheck(real: QualityTable, synthetic: QualityTable, seed: number): PrivacyCheck {
  const order = Random.of(seed, 'privacy check').permutation(real.rowCount);
  const heldBack = Math.min(distanceRows, Math.floor(real.rowCount * heldBackShare));
  if (heldBack === 0) {
    throw new QualityError(`The real table has ${real.rowCount} rows: 5 are the least to tell copies from chance.`);
  }
  const held = takeRows(real, order.slice(0, heldBack));
  const others = takeRows(real, order.slice(heldBack));
  const judged = drawn(synthetic, seed);
  const expected = distancesToClosest(held, others).sort();
  const threshold = expected[Math.floor(closestShare * heldBack)] ?? 0;
  const found = distancesToClosest(judged, real);
  const { copied } = exactCopies(synthetic, real);
  return {
    judged_rows: synthetic.rowCount,
    exact_matches: Math.round(copied * synthetic.rowCount),
    exact_share: copied,
    expected_exact_share: exactCopies(held, others).copied,
    dcr_rows: judged.rowCount,
    dcr_share: found.filter((distance) => distance >= threshold).length / judged.rowCount,
    dcr_threshold: threshold,
  };
}

function drawn(table: QualityTable, seed: number): QualityTable {
  if (table.rowCount <= distanceRows) return table;
  return takeRows(table, Random.of(seed, 'judged rows').permutation(table.rowCount).slice(0, distanceRows));
}

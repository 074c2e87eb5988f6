import type { QualityBound, QualityScore } from '@gan-dashboard/shared-types';
import { maximumMeanDiscrepancy } from '../distribution/maximum-mean-discrepancy';
import { precisionRecall } from '../distribution/precision-recall';
import { detection, detectorNames } from '../detection/detection';
import { shuffleColumns } from '../reference-reports';
import type { QualityTable } from '../table';
import { boundedRows, halvesOf } from './options';
import type { ReportContext, SectionResult } from './options';
import { scored } from './scores';

const NEIGHBOURS = 5;

/** MMD and PRDC of a real half beside as many synthetic rows, beside shuffled ones (floor) and the other half (ceiling). */
export function distanceSection({ tables, bounds, seed }: ReportContext): SectionResult {
  const halves = halvesOf(tables.real, seed);
  const rows = Math.min(bounds.distance, tables.synthetic.rowCount, halves?.[0].rowCount ?? 0);
  if (!halves || rows <= NEIGHBOURS) {
    return {
      skipped: `Distances between rows take ${2 * (NEIGHBOURS + 1)} real and ${NEIGHBOURS + 1} synthetic rows.`,
    };
  }
  const cut: QualityBound[] = [];
  const bound = { maxRows: rows, seed, section: 'distance' } as const;
  const real = boundedRows(halves[0], { ...bound, which: 'real', of: tables.real.rowCount }, cut);
  const synthetic = boundedRows(tables.synthetic, { ...bound, which: 'synthetic' }, cut);
  const other = boundedRows(halves[1], { ...bound, which: 'real' }, []);
  const compare = (table: QualityTable) => ({
    ...maximumMeanDiscrepancy(real, table, { maxRows: rows, seed }),
    ...precisionRecall(real, table, { maxRows: rows, seed, neighbours: NEIGHBOURS }),
  });
  const [found, floor, ceiling] = [compare(synthetic), compare(shuffleColumns(real, seed)), compare(other)];
  const score = (name: 'precision' | 'recall' | 'density' | 'coverage'): QualityScore =>
    scored({ name, section: 'distance', better: 'higher' }, found[name], {
      floor: floor[name],
      ceilings: [ceiling[name]],
      margin: marginOfShare(ceiling[name], rows, name === 'density' ? NEIGHBOURS : 1),
    });
  const mmd = scored({ name: 'mmd_squared', section: 'distance', better: 'lower' }, found.squared, {
    floor: floor.squared,
    ceilings: [ceiling.squared],
    // Under one law the unbiased estimate scatters around 0 by about 1 / n.
    margin: 4 / rows,
  });
  return {
    part: {
      distance: {
        rows,
        mmd_squared: found.squared ?? null,
        bandwidth: found.bandwidth ?? null,
        neighbours: NEIGHBOURS,
        precision: found.precision,
        recall: found.recall,
        density: found.density,
        coverage: found.coverage,
      },
    },
    scores: [mmd, score('precision'), score('recall'), score('density'), score('coverage')],
    bounds: cut,
  };
}

/** Four standard errors of the difference of two shares of so many rows, at least four rows; a density varies by more. */
function marginOfShare(share: number, rows: number, scale: number): number {
  const inside = Math.min(1, share);
  return Math.max(4 * Math.sqrt((2 * inside * (1 - inside)) / rows), (4 * scale) / rows, scale > 1 ? 0.15 : 0);
}

/** How well two detectors tell synthetic rows from a real half; floor and ceiling as of the distances. */
export function detectionSection({ tables, bounds, seed }: ReportContext): SectionResult {
  const halves = halvesOf(tables.real, seed);
  const rows = Math.min(bounds.detection, tables.synthetic.rowCount, halves?.[0].rowCount ?? 0);
  if (!halves || rows < 12) return { skipped: 'Detectors take 24 real and 12 synthetic rows to learn from.' };
  const cut: QualityBound[] = [];
  const bound = { maxRows: rows, seed, section: 'detection' } as const;
  const real = boundedRows(halves[0], { ...bound, which: 'real', of: tables.real.rowCount }, cut);
  const synthetic = boundedRows(tables.synthetic, { ...bound, which: 'synthetic' }, cut);
  const other = boundedRows(halves[1], { ...bound, which: 'real' }, []);
  const results = detectorNames.map((detector) => {
    const against = (table: QualityTable) => detection(real, table, { detector, maxRows: rows, seed });
    return { found: against(synthetic), floor: against(shuffleColumns(real, seed)), ceiling: against(other) };
  });
  return {
    part: {
      detection: results.map(({ found: { foldAucs, ...found } }) => ({ ...found, fold_aucs: foldAucs })),
    },
    scores: results.map(({ found, floor, ceiling }) => {
      const name = { name: `detection_${found.detector}`, section: 'detection', better: 'higher' } as const;
      const score = scored(name, found.score, { floor: floor.score, ceilings: [ceiling.score], margin: 0.5 });
      // Below chance by six standard errors: a row and its copy stand in different folds with different labels.
      return { ...score, is_above_ceiling: found.auc < 0.5 - 6 / Math.sqrt(6 * rows) };
    }),
    bounds: cut,
  };
}

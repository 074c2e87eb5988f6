import type { PairQuality, QualityBound, QualityScore } from '@gan-dashboard/shared-types';
import { Random } from '../../random/random';
import { meanOf } from '../mean';
import { sampleRows } from '../privacy/rows';
import { qualityReport } from '../quality-report';
import type { PairTrend, QualityReport, QualityReportOptions } from '../quality-report';
import { shuffleColumns, splitHalves } from '../reference-reports';
import { takeRows } from '../table';
import type { QualityTable } from '../table';
import { columnQualities } from './columns';
import { boundedRows } from './options';
import type { ReportContext, SectionResult } from './options';
import { scored } from './scores';

/** Real halves are drawn so often: the ceiling is their mean, its margin comes from their spread. */
const SPLITS = 3;

/** The quality report of SDMetrics with its floor and ceiling, and what the page draws of columns and pairs. */
export function fidelitySection({ tables, bounds, seed, options }: ReportContext): SectionResult {
  const cut: QualityBound[] = [];
  const bound = { maxRows: bounds.fidelity, seed, section: 'fidelity' } as const;
  const real = boundedRows(tables.real, { ...bound, which: 'real' }, cut);
  const synthetic = boundedRows(tables.synthetic, { ...bound, which: 'synthetic' }, cut);
  const { binning, thresholds } = options;
  const settings: QualityReportOptions = {
    seed,
    ...(binning === undefined ? {} : { binning }),
    ...(thresholds === undefined ? {} : { thresholds }),
  };
  const report = qualityReport(real, synthetic, settings);
  const references = referencesOf(real, synthetic, { rows: bounds.reference, settings });
  const columns = columnQualities(real, synthetic, report.columnShapes.columns).map((column, i) => ({
    ...column,
    ceiling: meanOf(references.ceilings.map(({ columnShapes }) => columnShapes.columns[i]?.score)) ?? null,
  }));
  return {
    part: { columns, pairs: report.columnPairTrends.pairs.map(pairQuality) },
    scores: fidelityScores(report, references),
    bounds: cut,
  };
}

interface References {
  floor: QualityReport;
  ceilings: QualityReport[];
  matched: QualityReport[];
}

function referencesOf(
  real: QualityTable,
  synthetic: QualityTable,
  { rows, settings }: { rows: number; settings: QualityReportOptions & { seed?: number } },
): References {
  const { seed = 0 } = settings;
  const size = Math.min(rows, synthetic.rowCount, Math.floor(real.rowCount / 2));
  const first = sampleRows(real, rows, Random.of(seed, 'floor'));
  const floor = qualityReport(first, shuffleColumns(first, seed), settings);
  const splits = real.rowCount < 2 || size < 1 ? [] : Array.from({ length: SPLITS }, (_, i) => i);
  const ceilings: QualityReport[] = [];
  const matched: QualityReport[] = [];
  for (const split of splits) {
    const [one, other] = splitHalves(real, seed + split).map((half) => headOf(half, size));
    if (!one || !other) continue;
    ceilings.push(qualityReport(one, other, settings));
    matched.push(qualityReport(one, sampleRows(synthetic, size, Random.of(seed, 'matched', split)), settings));
  }
  return { floor, ceilings, matched };
}

/** The first rows of a table whose order is random already. */
function headOf(table: QualityTable, rows: number): QualityTable {
  return table.rowCount <= rows
    ? table
    : takeRows(
        table,
        Uint32Array.from({ length: rows }, (_, i) => i),
      );
}

function fidelityScores(report: QualityReport, { floor, ceilings, matched }: References): QualityScore[] {
  const of = (name: string, read: (report: QualityReport) => number | undefined): QualityScore =>
    scored({ name, section: 'fidelity', better: 'higher' }, read(report), {
      floor: read(floor),
      ceilings: ceilings.map(read),
      matched: matched.map(read),
    });
  return [
    of('quality', ({ score }) => score),
    of('column_shapes', ({ columnShapes }) => columnShapes.score),
    of('column_pair_trends', ({ columnPairTrends }) => columnPairTrends.score),
    of('column_pair_trends_all', ({ columnPairTrends }) => columnPairTrends.scoreOfAllPairs),
  ];
}

function pairQuality({ columns, metric, score, realStrength, syntheticStrength, isCounted }: PairTrend): PairQuality {
  return {
    columns,
    metric,
    score: score ?? null,
    association: { real: realStrength ?? null, synthetic: syntheticStrength ?? null },
    is_counted: isCounted,
  };
}

import type { QualityBound, QualityScore, QualitySection } from '@gan-dashboard/shared-types';
import type { FullQualityReport } from '@gan-dashboard/shared-types';
import { Random } from '../../random/random';
import type { Binning } from '../binning';
import type { BookDescription } from '../order-book/book-columns';
import type { StylisedFactsOptions } from '../series/stylised-facts';
import type { QualityReportOptions } from '../quality-report';
import { sampleRows } from '../privacy/rows';
import { splitHalves } from '../reference-reports';
import type { QualityTable } from '../table';

/** Rows that a section reads at most, of each table. What a bound cut off stands in `bounds` of the result. */
export interface ReportBounds {
  /** Shapes, trends, columns and the diagnostic. Default 50,000. */
  fidelity: number;
  /** Each real half, and the synthetic rows beside it, of floors and ceilings. Default 10,000. */
  reference: number;
  /** MMD and PRDC, whose time grows with the square. Default 1,000. */
  distance: number;
  /** Detectors. Default 3,000. */
  detection: number;
  /** Rows that learners are trained and tested on. Default 5,000. */
  utility: number;
  /** Synthetic rows whose distances to all real ones are measured. Default 1,000. */
  privacy: number;
}

export const reportBounds: ReportBounds = {
  fidelity: 50_000,
  reference: 10_000,
  distance: 1_000,
  detection: 3_000,
  utility: 5_000,
  privacy: 1_000,
};

/** Series are read whole and in order: no bound of rows cuts them. */
export interface SeriesReportOptions extends StylisedFactsOptions {
  /** Steps of the windows of the discriminative and the predictive score; `null` leaves both out. Default 24. */
  window?: number | null;
  /**
   * Training steps of the two scores. Default 500 and 1,000, a quarter and a fifth of the published ones: enough beside
   * the reference of the same steps, but not beside published figures (Google stock learned from itself: 0.044, and
   * 0.037 with 5,000).
   */
  iterations?: { discriminative: number; predictive: number };
}

export interface ReportProgress {
  section: QualitySection;
  /** Sections that are done, and how many there are. */
  done: number;
  total: number;
}

export interface FullReportOptions {
  /** The rows that the model was trained on. */
  real: QualityTable;
  synthetic: QualityTable;
  /** Real rows of the same data that the model never saw. */
  holdout?: QualityTable;
  /** A learned column for the utility: classified if categorical, else estimated. Without it there is none. */
  target?: string;
  /** What makes the rows series: without it their order means nothing. */
  series?: SeriesReportOptions;
  /** Default: the levels that the header names as bid_price_1, bid_size_1 …, if it does. */
  orderBook?: BookDescription;
  /** Default: all that apply. */
  sections?: readonly QualitySection[];
  bounds?: Partial<ReportBounds>;
  /** Of every draw. Default 0. */
  seed?: number;
  binning?: Binning;
  thresholds?: QualityReportOptions['thresholds'];
  /** Called before each section and at the end; awaited, so that it may let other work run. */
  progress?: (progress: ReportProgress) => void | Promise<void>;
  /** Checked before each section. */
  signal?: AbortSignal;
}

/** What every section works on. */
export interface ReportContext {
  tables: { real: QualityTable; synthetic: QualityTable; holdout: QualityTable | undefined };
  bounds: ReportBounds;
  seed: number;
  options: FullReportOptions;
}

export interface SectionFindings {
  part: Partial<FullQualityReport>;
  scores: QualityScore[];
  bounds: QualityBound[];
}

/** What a section found, or why it does not apply. */
export type SectionResult = SectionFindings | { skipped: string };

/** All rows of a table or a seeded sample; `bounds` takes note of a sample. */
export function boundedRows(
  table: QualityTable,
  {
    maxRows,
    seed,
    section,
    which,
    of = table.rowCount,
  }: { maxRows: number; seed: number; section: QualitySection; which: QualityBound['table']; of?: number },
  bounds: QualityBound[],
): QualityTable {
  if (table.rowCount <= maxRows) return table;
  bounds.push({ section, table: which, rows: maxRows, of });
  return sampleRows(table, maxRows, Random.of(seed, 'report', section, which));
}

/** Two halves of a table, undefined where it has not enough rows for two. */
export function halvesOf(table: QualityTable, seed: number): [QualityTable, QualityTable] | undefined {
  return table.rowCount < 2 ? undefined : splitHalves(table, seed);
}

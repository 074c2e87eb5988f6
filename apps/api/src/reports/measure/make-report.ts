import { fullReport } from '@gan-dashboard/trainer';
import type { FullReportOptions, QualityTable } from '@gan-dashboard/trainer';
import type {
  FullQualityReport,
  QualityBound,
  QualitySection,
  ReportContent,
  ReportLineage,
} from '@gan-dashboard/shared-types';
import { privacyCheck } from './privacy-check';
import { privacyReading } from './privacy-reading';
import { sectionTitles } from '@gan-dashboard/shared-types';
import { scoreTexts } from './score-texts';

export interface ReportInput {
  title: string;
  /** The rows that were trained on, as far as that is known. */
  real: QualityTable;
  /** Rows that training never saw. */
  holdout?: QualityTable | undefined;
  synthetic: QualityTable;
  /** What makes the rows series; absent: their order means nothing. */
  series?: FullReportOptions['series'] | undefined;
  /** Absent: found by the names of the columns. */
  orderBook?: FullReportOptions['orderBook'] | undefined;
  target: string | null;
  seed: number;
  lineage: ReportLineage;
  now: () => Date;
  onProgress: (phase: string, percent: number) => void;
}

const phases: Record<QualitySection, string> = {
  fidelity: 'comparing shapes and trends',
  diagnostic: 'checking ranges and categories',
  distance: 'measuring distances',
  detection: 'training detectors',
  utility: 'training models on synthetic rows',
  privacy: 'looking for copies',
  series: 'comparing sequences',
  order_book: 'checking the order book',
};

/** Measures all that applies to two tables. @throws QualityError where they cannot be compared */
export async function makeReport(input: ReportInput): Promise<ReportContent> {
  const { title, real, holdout, synthetic, target, seed, lineage, now, onProgress } = input;
  const begun = now();
  onProgress('looking for copies', 5);
  const check = privacyCheck(real, synthetic, seed);
  const quality = await fullReport({
    real,
    synthetic,
    seed,
    ...(holdout && { holdout }),
    ...(input.series && { series: input.series }),
    ...(input.orderBook && { orderBook: input.orderBook }),
    ...(target === null ? {} : { target }),
    progress: ({ section, done, total }) => onProgress(phases[section], 15 + (80 * done) / Math.max(1, total)),
  });
  const ended = now();
  return {
    version: 1,
    title,
    made_at: ended.toISOString(),
    seconds: (ended.getTime() - begun.getTime()) / 1_000,
    quality,
    score_texts: scoreTexts(quality),
    privacy: privacyReading(check, quality),
    lineage,
    notes: [...holdoutNotes(quality), ...notesOf(quality, lineage)],
  };
}

function holdoutNotes({ rows: { holdout } }: FullQualityReport): string[] {
  if (holdout === null) return [];
  return [
    `${count(holdout)} real rows were held out of the training: they are left out of the comparisons above and are what privacy (and utility) is measured against.`,
  ];
}

function notesOf({ bounds, skipped }: FullQualityReport, { real, synthetic }: ReportLineage): string[] {
  const cut = Object.entries({ real, synthetic }).flatMap(([name, { rows, rows_used: used }]) =>
    used < rows ? [`Of the ${name} table ${count(used)} of ${count(rows)} rows were read.`] : [],
  );
  return [
    ...cut,
    ...bounds.map(boundNote),
    ...skipped.map(({ section, reason }) => `${sectionTitles[section]}: ${reason}`),
  ];
}

function boundNote({ section, table, rows, of }: QualityBound): string {
  return `${sectionTitles[section]}: ${count(rows)} of ${count(of)} ${table} rows were drawn for this.`;
}

function count(rows: number): string {
  return rows.toLocaleString('en');
}

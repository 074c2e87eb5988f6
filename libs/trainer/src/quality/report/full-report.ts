import type { FullQualityReport, QualitySection } from '@gan-dashboard/shared-types';
import { diagnosticSection } from './diagnostic-section';
import { detectionSection, distanceSection } from './distance-section';
import { fidelitySection } from './fidelity-section';
import { reportBounds } from './options';
import type { FullReportOptions, ReportContext, SectionResult } from './options';
import { orderBookSection } from './order-book-section';
import { privacySection } from './privacy-section';
import { QualityError } from '../table';
import { seriesSection } from './series-section';
import { utilitySection } from './utility-section';

/** In the order in which they are computed and shown. */
const sections: Record<QualitySection, (context: ReportContext) => SectionResult> = {
  fidelity: fidelitySection,
  diagnostic: diagnosticSection,
  distance: distanceSection,
  detection: detectionSection,
  utility: utilitySection,
  privacy: privacySection,
  series: seriesSection,
  order_book: orderBookSection,
};

/**
 * All that can be measured of synthetic rows beside the real ones: plain data that JSON carries, in the form of
 * `fullQualityReportSchema`. Every section reads at most as many rows as its bound; the result says where it did.
 * The same tables, options and seed give the same report.
 *
 * @throws QualityError where the tables do not have the same columns; what else keeps a section from being computed,
 *   such as a target with too many classes, stands in `skipped`
 * @throws the signal's reason where it was aborted
 */
export async function fullReport(options: FullReportOptions): Promise<FullQualityReport> {
  const { real, synthetic, holdout, seed = 0, progress, signal } = options;
  const context: ReportContext = {
    tables: { real, synthetic, holdout },
    bounds: { ...reportBounds, ...options.bounds },
    seed,
    options,
  };
  const report: FullQualityReport = {
    format: 1,
    seed,
    rows: { real: real.rowCount, synthetic: synthetic.rowCount, holdout: holdout?.rowCount ?? null },
    scores: [],
    bounds: [],
    skipped: [],
  };
  const wanted = Object.entries(sections).filter(
    ([section]) => !options.sections || options.sections.some((each) => each === section),
  ) as [QualitySection, (context: ReportContext) => SectionResult][];
  for (const [done, [section, compute]] of wanted.entries()) {
    await progress?.({ section, done, total: wanted.length });
    signal?.throwIfAborted();
    const result = resultOf(section, compute, context);
    if ('skipped' in result) {
      report.skipped.push({ section, reason: result.skipped });
      continue;
    }
    Object.assign(report, result.part);
    report.scores.push(...result.scores);
    report.bounds.push(...result.bounds);
  }
  const last = wanted.at(-1);
  if (last) await progress?.({ section: last[0], done: wanted.length, total: wanted.length });
  return report;
}

function resultOf(
  section: QualitySection,
  compute: (context: ReportContext) => SectionResult,
  context: ReportContext,
): SectionResult {
  try {
    return compute(context);
  } catch (error) {
    // Tables that cannot be compared fail in the first section, and have no report.
    if (section === 'fidelity' || !(error instanceof QualityError)) throw error;
    return { skipped: error.message };
  }
}

import type { PrivacyQuality, QualityBound, QualityScore } from '@gan-dashboard/shared-types';
import { privacyReport } from '../privacy/privacy-report';
import type { ClosestSummaries, DistanceSummary, PrivacyReport } from '../privacy/privacy-report';
import { boundedRows } from './options';
import type { ReportContext, SectionResult } from './options';
import { scored } from './scores';

/** How close the rows are to those that the model was trained on, beside fresh real rows where there is a holdout. */
export function privacySection({ tables, bounds, seed }: ReportContext): SectionResult {
  const cut: QualityBound[] = [];
  const bound = { maxRows: bounds.fidelity, seed, section: 'privacy' } as const;
  const training = boundedRows(tables.real, { ...bound, which: 'real' }, cut);
  const synthetic = boundedRows(tables.synthetic, { ...bound, which: 'synthetic' }, cut);
  const holdout = tables.holdout && boundedRows(tables.holdout, { ...bound, which: 'holdout' }, cut);
  const result = privacyReport({ synthetic, training, holdout }, { maxRows: bounds.privacy, seed });
  return { part: { privacy: wirePrivacy(result) }, scores: privacyScores(result), bounds: cut };
}

function privacyScores({ overfitting, baseline, newRows, copies }: PrivacyReport): QualityScore[] {
  const name = (of: string, better: 'higher' | 'lower' = 'higher') =>
    ({ name: of, section: 'privacy', better }) as const;
  const copied = scored(name('exact_copies', 'lower'), copies.copied);
  return [
    ...(overfitting ? [scored(name('dcr_overfitting_protection'), overfitting.score)] : []),
    scored(name('dcr_baseline_protection'), baseline.score),
    scored(name('new_rows'), newRows.score),
    copies.holdoutCopies === undefined ? copied : { ...copied, ceiling: copies.holdoutCopies },
  ];
}

function wirePrivacy(result: PrivacyReport): PrivacyQuality {
  const { overfitting, baseline, copies, nearCopies, newRows, judgedRows } = result;
  return {
    judged_rows: judgedRows,
    dcr: wireSummaries(result.dcr),
    nndr: wireSummaries(result.nndr),
    ...(overfitting && {
      overfitting: {
        score: overfitting.score,
        closer_to_training: overfitting.closerToTraining,
        equally_close: overfitting.equallyClose,
        closer_to_holdout: overfitting.closerToHoldout,
        is_holdout_large_enough: overfitting.isHoldoutLargeEnough,
        ...(overfitting.expectedCloser === undefined ? {} : { expected_closer: overfitting.expectedCloser }),
      },
    }),
    baseline: {
      score: baseline.score ?? null,
      synthetic_median: baseline.syntheticMedian,
      random_median: baseline.randomMedian,
    },
    exact_copies: {
      copied: copies.copied,
      repeated: copies.repeated,
      repeated_in_real: copies.repeatedInReal,
      ...(copies.copiedFromHoldout === undefined ? {} : { copied_from_holdout: copies.copiedFromHoldout }),
      ...(copies.holdoutCopies === undefined ? {} : { holdout_copies: copies.holdoutCopies }),
    },
    near_copies: {
      threshold: nearCopies.threshold,
      share: nearCopies.share,
      ...(nearCopies.reference === undefined ? {} : { reference: nearCopies.reference }),
    },
    new_rows: { score: newRows.score, judged_rows: newRows.newRows + newRows.matchedRows },
  };
}

function wireSummaries({ training, holdout, reference }: ClosestSummaries): PrivacyQuality['dcr'] {
  const wire = ({ median, fifthPercentile }: DistanceSummary) => ({ median, fifth_percentile: fifthPercentile });
  return {
    training: wire(training),
    ...(holdout && { holdout: wire(holdout) }),
    ...(reference && { reference: wire(reference) }),
  };
}

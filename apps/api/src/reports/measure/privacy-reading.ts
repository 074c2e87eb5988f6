import type { FullQualityReport, PrivacyCheck, PrivacyQuality, ReportContent } from '@gan-dashboard/shared-types';

type Reading = NonNullable<ReportContent['privacy']>;
type Measured = Pick<FullQualityReport, 'scores' | 'rows' | 'privacy'>;

/** Shares differ by chance: this much above what is expected says nothing, twice as much and more does. */
const exactMargin = 0.005;
const suspiciousDcrShare = 0.85;
const copyingDcrShare = 0.6;

/** What the figures of privacy mean, for people who do not know them. */
export function privacyReading(check: PrivacyCheck, quality: Measured): Reading {
  const verdict = verdictOf(check, quality.privacy);
  return {
    verdict,
    sentences: [
      verdictSentence[verdict],
      exactSentence(check),
      distanceSentence(check),
      ...overfittingSentences(quality),
      ...ceilingSentences(quality.scores),
    ],
    check,
  };
}

function verdictOf(check: PrivacyCheck, privacy: Measured['privacy']): Reading['verdict'] {
  const excess = check.exact_share - check.expected_exact_share;
  if (check.dcr_share < copyingDcrShare || excess > 20 * exactMargin) return 'copying';
  const isSuspicious = check.dcr_share < suspiciousDcrShare || excess > exactMargin;
  return isSuspicious || (privacy && isOverfitted(privacy)) ? 'some_copies' : 'no_sign_of_copying';
}

const verdictSentence: Record<Reading['verdict'], string> = {
  no_sign_of_copying:
    'There is no sign that rows were copied. This is evidence, not proof: it does not replace differential privacy.',
  some_copies: 'More rows are equal or close to real ones than chance explains. Look at them before the data leaves.',
  copying: 'Many rows are copies of real ones, or almost. Treat this data as if it were the real data.',
};

function exactSentence(check: PrivacyCheck): string {
  const { exact_matches: matches, judged_rows: rows } = check;
  const chance = `among real rows that were held back it is ${percent(check.expected_exact_share)}`;
  if (matches === 0) return `None of ${count(rows)} synthetic rows equals a real row in every column; ${chance}.`;
  return `${count(matches)} of ${count(rows)} synthetic rows (${percent(check.exact_share)}) equal a real row in every column; ${chance}.`;
}

function distanceSentence(check: PrivacyCheck): string {
  return (
    `${percent(check.dcr_share)} of ${count(check.dcr_rows)} synthetic rows keep at least the distance to the closest real row ` +
    'that 95 % of held-back real rows keep; near 95 % is what rows that were not copied show.'
  );
}

function overfittingSentences({ rows, privacy }: Measured): string[] {
  if (!privacy?.overfitting) return [];
  const { closer_to_training: closer, expected_closer: expected = 0.5 } = privacy.overfitting;
  const judgement = isOverfitted(privacy) ? 'That is more than chance explains.' : 'Chance explains that.';
  const ratio = privacy.nndr;
  return [
    `${percent(closer)} of the rows are closer to a row that the model was trained on than to any of the ${count(rows.holdout ?? 0)} that were held out; ${percent(expected)} is what chance gives. ${judgement}`,
    ...(ratio.reference?.median == null || ratio.training.median === null
      ? []
      : [
          `The closest training row is ${percent(ratio.training.median)} as far as the second closest (median NNDR); for held-out rows that is ${percent(ratio.reference.median)}. Far below would mean copies.`,
        ]),
  ];
}

/** Four standard errors, as the share of so many rows varies by chance, and the protection visibly below 1. */
function isOverfitted({ overfitting, judged_rows: judged }: PrivacyQuality): boolean {
  if (!overfitting) return false;
  const { closer_to_training: closer, expected_closer: expected = 0.5, score } = overfitting;
  return score < 0.8 && closer - expected > 4 * Math.sqrt((expected * (1 - expected)) / Math.max(1, judged));
}

function ceilingSentences(scores: FullQualityReport['scores']): string[] {
  const above = scores.filter((score) => score.is_above_ceiling);
  if (above.length === 0) return [];
  return [
    `${above.length === 1 ? 'One score is' : `${above.length} scores are`} above the ceiling: the rows are more like the real ones than other real rows are, which copies are.`,
  ];
}

function percent(share: number): string {
  return `${new Intl.NumberFormat('en', { maximumFractionDigits: share < 0.01 ? 2 : 1 }).format(100 * share)} %`;
}

function count(rows: number): string {
  return rows.toLocaleString('en');
}

import type { FullQualityReport, ReportContent } from '@gan-dashboard/shared-types';

type Texts = ReportContent['score_texts'];

const known: Texts = {
  quality: { title: 'Quality', meaning: 'Mean of column shapes and counted trends (SDMetrics quality report).' },
  column_shapes: {
    title: 'Column shapes',
    meaning: 'How alike each column is by itself: KS complement of quantities, TV complement of categories.',
  },
  column_pair_trends: {
    title: 'Trends of pairs',
    meaning:
      'How alike pairs of columns are whose real association is strong (0.5 of correlations, 0.3 of Cramér’s V).',
  },
  column_pair_trends_all: {
    title: 'Trends of all pairs',
    meaning: 'The same over every pair, as older figures count. Pairs without a trend make it high for anything.',
  },
  diagnostic: {
    title: 'Diagnostic',
    meaning: 'Mean of validity and structure; below 1 some row breaks the rules of the data.',
  },
  data_validity: {
    title: 'Validity',
    meaning: 'Share of values in the real range, among the real categories, of unique keys.',
  },
  mmd_squared: { title: 'MMD²', meaning: 'Distance of the two distributions (RBF kernel); 0 cannot tell them apart.' },
  precision: { title: 'Precision', meaning: 'Share of the synthetic rows that lie among real ones.' },
  recall: { title: 'Recall', meaning: 'Share of the real rows that lie among synthetic ones.' },
  density: { title: 'Density', meaning: 'How many real neighbourhoods a synthetic row lies in, on average.' },
  coverage: { title: 'Coverage', meaning: 'Share of the real rows that have a synthetic row in their neighbourhood.' },
  detection_logistic: {
    title: 'Detection, logistic regression',
    meaning: '1 where it cannot tell synthetic from real rows, 0 where it always can.',
  },
  detection_boosted: {
    title: 'Detection, boosted trees',
    meaning: 'The same by a detector that also sees how columns go together.',
  },
  tstr_accuracy: {
    title: 'Trained on synthetic: accuracy',
    meaning: 'Tested on real rows; the ceiling is trained on real.',
  },
  tstr_macro_f1: {
    title: 'Trained on synthetic: macro F1',
    meaning: 'Tested on real rows; the ceiling is trained on real.',
  },
  tstr_minority_f1: {
    title: 'Trained on synthetic: F1 of the rarest class',
    meaning: 'Tested on real rows; the ceiling is trained on real.',
  },
  tstr_auc: { title: 'Trained on synthetic: AUC', meaning: 'Tested on real rows; the ceiling is trained on real.' },
  tstr_r2: { title: 'Trained on synthetic: R²', meaning: 'Tested on real rows; the ceiling is trained on real.' },
  dcr_baseline_protection: {
    title: 'Distance beside random rows',
    meaning: 'Median distance to the closest real row, as a share of that of random rows. High for nonsense, too.',
  },
  dcr_overfitting_protection: {
    title: 'Overfitting protection',
    meaning:
      '1 where no more rows than chance gives are closer to training rows than to rows that were held out; 0 where all are.',
  },
  new_rows: { title: 'New rows', meaning: 'Share of the rows that no real row equals (quantities within 1 %).' },
  exact_copies: { title: 'Exact copies', meaning: 'Share of the rows that equal a real row in every learned column.' },
  data_structure: {
    title: 'Structure',
    meaning: 'Columns that both tables have, as a share of those that either has.',
  },
};

/** Titles and meanings for people, of the scores of a report. */
export function scoreTexts({ scores }: Pick<FullQualityReport, 'scores'>): Texts {
  return Object.fromEntries(scores.map(({ name }) => [name, known[name] ?? { title: titleOf(name), meaning: '' }]));
}

function titleOf(name: string): string {
  const words = name.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

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

import type { QualityBound, QualityScore, UtilityScores } from '@gan-dashboard/shared-types';
import { splitRows } from '../reference-reports';
import { targetUtility, utilityLearners } from '../utility/target-utility';
import type { DirectionScores, TargetScores } from '../utility/target-utility';
import type { ReportContext, SectionResult } from './options';
import { scored } from './scores';

/** Rows of the real table that the learners are tested on where there is no holdout. */
const TEST_SHARE = 0.3;

/** What the rows are worth to somebody who learns a target from them. The ceiling is what real rows teach. */
export function utilitySection({ tables, bounds, seed, options }: ReportContext): SectionResult {
  const { target } = options;
  if (target === undefined) return { skipped: 'No target was chosen: name a column that is to be learned.' };
  const { real, synthetic, holdout } = tables;
  const [realTraining, realTest] = holdout ? [real, holdout] : splitRows(real, 1 - TEST_SHARE, seed);
  const result = targetUtility({ synthetic, realTraining, realTest, target }, { maxRows: bounds.utility, seed });
  const directions = (scores: DirectionScores) => ({
    tstr: wireScores(scores.tstr),
    trtr: wireScores(scores.trtr),
    trts: wireScores(scores.trts),
  });
  const names = result.task === 'classification' ? (['macro_f1', 'minority_f1', 'auc'] as const) : (['r2'] as const);
  const all = directions(result);
  return {
    part: {
      utility: {
        target,
        task: result.task,
        ...(result.minority === undefined ? {} : { minority: result.minority }),
        ...all,
        learners: utilityLearners.map((learner) => ({ learner, ...directions(result.learners[learner]) })),
        rows: {
          synthetic: result.rows.synthetic,
          real_training: result.rows.realTraining,
          real_test: result.rows.realTest,
        },
      },
    },
    scores: names.map((name): QualityScore => {
      const value = all.tstr[name] ?? undefined;
      const score = { name: `tstr_${name}`, section: 'utility', better: 'higher' } as const;
      // More rows than the real ones had may teach more: that is no sign of copies.
      return { ...scored(score, value, { ceilings: [all.trtr[name] ?? undefined] }), is_above_ceiling: false };
    }),
    bounds: boundsOf(result.rows, { real: realTraining.rowCount, synthetic: synthetic.rowCount }),
  };
}

function boundsOf(
  rows: { synthetic: number; realTraining: number },
  of: { real: number; synthetic: number },
): QualityBound[] {
  const bounds: QualityBound[] = [
    { section: 'utility', table: 'real', rows: rows.realTraining, of: of.real },
    { section: 'utility', table: 'synthetic', rows: rows.synthetic, of: of.synthetic },
  ];
  return bounds.filter((bound) => bound.rows < bound.of);
}

function wireScores({ accuracy, macroF1, minorityF1, auc, ...rest }: TargetScores): UtilityScores {
  if ('r2' in rest) return { r2: rest.r2 ?? null };
  return {
    accuracy: accuracy ?? null,
    macro_f1: macroF1 ?? null,
    minority_f1: minorityF1 ?? null,
    auc: auc ?? null,
  };
}

import type { QualityUpdate } from '@gan-dashboard/shared-types';
import type { Finding, HealthRule } from './rules';
import { judge, learningRates } from './rules';

const coverageLow = 0.6;
const columnCoverageLow = 0.34;
const spreadLow = 0.3;
const repeatedMore = 0.5;
const distanceLow = 0.5;
const copiedMore = 0.2;

export const modeCollapse: HealthRule = {
  verdict: 'mode_collapse',
  severity: 'warning',
  rule:
    `In two measurements in a row: the values that occur cover less than ${coverageLow * 100} % of those of the real rows; or a column has at ` +
    `most a third of its values and less than ${spreadLow} of its spread; or at least half of the rows are repeated that are not in the table.`,
  find: ({ lastTwo }) => {
    if (!lastTwo?.every((update) => collapseOf(update))) return undefined;
    return collapseOf(lastTwo[1]);
  },
  advice: (config) => [
    `Lower ${learningRates(config, 'generator')}.`,
    ...('pac' in config ? [`Raise pac (now ${String(config['pac'])}): more rows are judged together.`] : []),
    ...('critic_steps' in config ? [`Raise critic_steps (now ${String(config['critic_steps'])}).`] : []),
    ...('discriminator_learning_rate' in config
      ? ['Train wgan-gp or ctgan instead: a Wasserstein critic tells a collapsed generator where to go.']
      : [`Make the ${judge(config)} larger.`]),
    'Go back to the best checkpoint, which was made before, and fork it.',
  ],
};

function collapseOf({ scores, columns, repeated = 0, repeated_in_real: real = 0 }: QualityUpdate): Finding | undefined {
  const coverage = scores.coverage?.value ?? 1;
  const worst = columns
    .filter((column) => (column.coverage ?? 1) <= columnCoverageLow && (column.spread ?? 1) < spreadLow)
    .toSorted((a, b) => (a.coverage ?? 1) - (b.coverage ?? 1))[0];
  const numbers = { coverage, repeated, repeated_in_real: real };
  if (coverage < coverageLow) {
    const message = `Modes collapse: only ${(coverage * 100).toFixed(0)} % of the values of the table occur in generated rows.`;
    return { message, numbers };
  }
  if (repeated - real > repeatedMore) {
    const message = `Modes collapse: ${(repeated * 100).toFixed(0)} % of the generated rows repeat another one.`;
    return { message, numbers };
  }
  if (!worst) return undefined;
  return {
    message: `Modes collapse: "${worst.name}" has hardly more than one value in generated rows.`,
    numbers: { column_coverage: worst.coverage ?? 0, column_spread: worst.spread ?? 0, ...numbers },
  };
}

export const memorising: HealthRule = {
  verdict: 'memorising',
  severity: 'warning',
  rule:
    `In two measurements in a row: the median distance of generated rows to their closest training row is below ${distanceLow} of that of ` +
    `held-out rows, or at least ${copiedMore * 100} % more of them equal a training row than of the held-out rows do.`,
  find: ({ lastTwo }) => {
    if (!lastTwo?.every((update) => copyingOf(update))) return undefined;
    return copyingOf(lastTwo[1]);
  },
  advice: (config) => [
    'Stop here and take an earlier checkpoint: the quality by then may be as good without copies.',
    'Train on more rows, or with smaller networks: they have room for the whole table.',
    ...('dropout' in config ? ['Raise dropout.'] : []),
    `Raise weight_decay${'weight_decay' in config ? ` (now ${String(config['weight_decay'])})` : ', where the model has it'}.`,
  ],
};

function copyingOf({ memorising: found }: QualityUpdate): Finding | undefined {
  if (!found) return undefined;
  const { distance_ratio: ratio, copied, copied_in_holdout: inHoldout } = found;
  const numbers = { ...(ratio === undefined ? {} : { distance_ratio: ratio }), copied, copied_in_holdout: inHoldout };
  if (copied - inHoldout >= copiedMore) {
    return { message: `The model copies: ${(copied * 100).toFixed(0)} % of its rows equal a training row.`, numbers };
  }
  if (ratio === undefined || ratio >= distanceLow) return undefined;
  return {
    message: `The model copies: its rows are ${ratio.toFixed(2)} times as far from training rows as fresh rows are.`,
    numbers,
  };
}

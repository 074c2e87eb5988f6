import type { Finding, HealthRule } from './rules';
import { judge, learningRates } from './rules';
import { crossings, deviation, mean } from './signals';
import type { Signals } from './signals';

const settled = 20;
/** Slope of a critic that its penalty does not hold any more. */
const slopeHigh = 5;
/** Mean square of what the slope is away from 1, while its mean is near 1. */
const slopeSwing = 0.2;
const swingWindows = 24;
const swingCrossings = 8;
const accuracySwing = 0.12;

export const diverging: HealthRule = {
  verdict: 'diverging',
  severity: 'error',
  rule:
    `Over the last 100 steps the mean slope of the critic is above ${slopeHigh}. For a model with one loss: after 200 steps it stands above ` +
    'where it began.',
  find: (signals) => {
    if (signals.has('wasserstein_estimate')) return slopeRunsAway(signals);
    return signals.has('loss') ? lossRises(signals) : undefined;
  },
  advice: (config) => [
    `Lower ${learningRates(config)}.`,
    ...('gradient_penalty_weight' in config
      ? [`Set gradient_penalty_weight to 10 or more (now ${String(config['gradient_penalty_weight'])}).`]
      : []),
    'Fork the last checkpoint that was made before, with these settings.',
  ],
};

function slopeRunsAway(signals: Signals): Finding | undefined {
  const slope = mean(signals.recent('gradient_norm'));
  if (!(slope > slopeHigh)) return undefined;
  return {
    message: `The training diverges: the slope of the critic is ${slope.toPrecision(3)}, where it should be about 1.`,
    numbers: { gradient_norm: slope, wasserstein_estimate: mean(signals.recent('wasserstein_estimate')) },
  };
}

function lossRises(signals: Signals): Finding | undefined {
  const losses = signals.all('loss');
  const first = losses[0];
  if (losses.length < settled || first === undefined) return undefined;
  const now = mean(signals.recent('loss'));
  if (now <= first) return undefined;
  const message = `The training diverges: the loss is ${now.toPrecision(3)} and was ${first.toPrecision(3)} at the start.`;
  return { message, numbers: { loss: now, first_loss: first } };
}

export const oscillating: HealthRule = {
  verdict: 'oscillating',
  severity: 'warning',
  rule:
    `After 200 steps the slope of the critic is about 1 in the mean, but its mean square distance from 1 is above ${slopeSwing}. For a ` +
    `discriminator: over 240 steps its accuracy crossed its mean at least ${swingCrossings} times, with a standard deviation above ${accuracySwing}.`,
  find: (signals) => {
    if (signals.length < settled) return undefined;
    return signals.has('wasserstein_estimate') ? slopeSwings(signals) : accuracySwings(signals);
  },
  advice: (config) =>
    [
      `Lower ${learningRates(config, judge(config))}.`,
      ...('adam_beta1' in config && Number(config['adam_beta1']) > 0
        ? [`Lower adam_beta1 (now ${String(config['adam_beta1'])}).`]
        : []),
      'generator_average' in config ? 'Raise generator_average: samples are then drawn with a calmer generator.' : '',
    ].filter((text) => text !== ''),
};

function slopeSwings(signals: Signals): Finding | undefined {
  const weight = Number(signals.config['gradient_penalty_weight'] ?? 0);
  const slope = mean(signals.recent('gradient_norm'));
  // Far below 1 the critic is still on its way.
  if (weight === 0 || slope < 0.7) return undefined;
  const swing = mean(signals.recent('gradient_penalty')) / weight;
  if (swing <= slopeSwing) return undefined;
  return {
    message: `The critic oscillates: its slope swings around 1 (mean square ${swing.toFixed(2)}) instead of holding it.`,
    numbers: { slope_swing: swing, gradient_norm: slope },
  };
}

function accuracySwings(signals: Signals): Finding | undefined {
  const series = signals.all('discriminator_accuracy').slice(-swingWindows);
  if (series.length < swingWindows) return undefined;
  const swing = deviation(series);
  const times = crossings(series);
  if (swing <= accuracySwing || times < swingCrossings) return undefined;
  return {
    message: `The players oscillate: the accuracy of the discriminator swings by ${swing.toFixed(2)} and turned ${times} times.`,
    numbers: { accuracy_deviation: swing, crossings: times },
  };
}

import type { Finding, HealthRule } from './rules';
import { judge, learningRates } from './rules';
import { deviation, mean } from './signals';
import type { Signals } from './signals';

/** Windows of ten steps before the players can be judged: a critic needs time to find its slope. */
const settled = 20;

/** Thresholds were set on runs of all models that were made to fail so, and on healthy ones: `health-runs.spec.ts`. */
const accuracyHigh = 0.8;
const accuracyCertain = 0.95;
const fakeScoreLow = 0.21;
const accuracyLow = 0.4;
const slopeLow = 0.6;

export const discriminatorWins: HealthRule = {
  verdict: 'discriminator_wins',
  severity: 'warning',
  rule:
    `Over the last 100 steps the discriminator told at least ${accuracyCertain * 100} % of the rows apart, or at least ${accuracyHigh * 100} % with ` +
    `a mean score of generated rows below ${fakeScoreLow}. For a Wasserstein critic: its estimate of the distance stands within 10 % of its ` +
    'highest value, the quality has stopped to improve, and it is below its floor.',
  find: (signals) => (signals.has('discriminator_accuracy') ? accuracyTooHigh(signals) : distanceStays(signals)),
  advice: (config) => [
    `Lower ${learningRates(config, judge(config))}, or raise ${learningRates(config, 'generator')}.`,
    ...('critic_steps' in config && Number(config['critic_steps']) > 1
      ? [`Lower critic_steps (now ${String(config['critic_steps'])}).`]
      : []),
    'dropout' in config ? 'Raise dropout, so that the rows are judged less surely.' : 'Make the critic smaller.',
  ],
};

function accuracyTooHigh(signals: Signals): Finding | undefined {
  if (signals.length < settled) return undefined;
  const accuracy = mean(signals.recent('discriminator_accuracy'));
  const fake = mean(signals.recent('fake_scores'));
  if (accuracy < accuracyCertain && !(accuracy >= accuracyHigh && fake < fakeScoreLow)) return undefined;
  return {
    message: `The discriminator wins: it tells ${(accuracy * 100).toFixed(0)} % of the rows apart, so the generator learns little from it.`,
    numbers: { discriminator_accuracy: accuracy, fake_scores: fake },
  };
}

function distanceStays(signals: Signals): Finding | undefined {
  const estimates = signals.all('wasserstein_estimate');
  if (estimates.length < settled || signals.isStagnant !== true) return undefined;
  const recent = signals.recent('wasserstein_estimate');
  const now = mean(recent);
  const highest = Math.max(...estimates.map((_, i) => mean(estimates.slice(Math.max(0, i - 9), i + 1))));
  const { value, floor } = signals.measured.at(-1)?.scores.overall ?? {};
  if (value === undefined || floor === undefined || value >= floor) return undefined;
  if (now < 0.9 * highest || now < 2 * deviation(recent)) return undefined;
  return {
    message: `The critic wins: the distance that it estimates does not fall (${now.toFixed(3)}), and the rows do not get better.`,
    numbers: { wasserstein_estimate: now, highest_estimate: highest, quality_overall: value, quality_floor: floor },
  };
}

export const generatorWins: HealthRule = {
  verdict: 'generator_wins',
  severity: 'warning',
  rule:
    `Over the last 100 steps the discriminator was right about less than ${accuracyLow * 100} % of the rows. For a Wasserstein critic: it scores ` +
    `generated rows at least as high as real ones with a slope below ${slopeLow}, and the quality has stopped to improve.`,
  find: (signals) => (signals.has('discriminator_accuracy') ? accuracyTooLow(signals) : criticIsFlat(signals)),
  advice: (config) => [
    `Raise ${learningRates(config, judge(config))}, or lower ${learningRates(config, 'generator')}.`,
    ...('critic_steps' in config ? [`Raise critic_steps (now ${String(config['critic_steps'])}).`] : []),
    `Make the ${judge(config)} larger: ${judge(config)}_layers.`,
  ],
};

function accuracyTooLow(signals: Signals): Finding | undefined {
  if (signals.length < settled) return undefined;
  const accuracy = mean(signals.recent('discriminator_accuracy'));
  if (accuracy >= accuracyLow) return undefined;
  return {
    message: `The generator wins: the discriminator is right about ${(accuracy * 100).toFixed(0)} % of the rows only, so it teaches nothing.`,
    numbers: { discriminator_accuracy: accuracy },
  };
}

function criticIsFlat(signals: Signals): Finding | undefined {
  if (signals.all('wasserstein_estimate').length < settled || signals.isStagnant === false) return undefined;
  const estimate = mean(signals.recent('wasserstein_estimate'));
  const slope = mean(signals.recent('gradient_norm'));
  if (estimate > 0 || slope >= slopeLow) return undefined;
  return {
    message: `The generator wins: the critic scores its rows as high as real ones (difference ${estimate.toFixed(3)}) and hardly slopes (${slope.toFixed(2)}).`,
    numbers: { wasserstein_estimate: estimate, gradient_norm: slope },
  };
}

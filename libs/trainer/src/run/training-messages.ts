import type { QualityUpdate } from '@gan-dashboard/shared-types';
import type { RunSettings } from '../models/table-model';

/** What to change where numbers leave their range, by the settings that the model has. */
export function divergenceAdvice(config: RunSettings): string {
  const rates = Object.entries(config).filter(([name]) => name.endsWith('learning_rate'));
  const lower = rates.map(([name, value]) => `${name} (now ${String(value)})`).join(' and ');
  return `Lower ${lower}${'critic_steps' in config ? ', or raise critic_steps' : ''}.`;
}

const metricTitles: Record<string, string> = {
  loss: 'loss',
  discriminator_loss: 'critic loss',
  generator_loss: 'generator loss',
  wasserstein_estimate: 'Wasserstein estimate',
  cross_entropy: 'cross-entropy of conditions',
  reconstruction_loss: 'reconstruction',
  kl_divergence: 'divergence',
  seconds: 'seconds',
};

/** The line of the log that an epoch ends with: what was measured of these, in this order. */
export function epochLine(epoch: number, epochs: number, values: Record<string, number>): string {
  const shown = Object.entries(metricTitles).flatMap(([name, title]) => {
    const value = values[name];
    return value === undefined ? [] : [`${title} ${value.toFixed(3)}`];
  });
  return `Epoch ${epoch}/${epochs}: ${shown.join(', ')}`;
}

/** The line of the log that a measurement of the quality ends with. */
export function qualityLine({ state, message, scores, memorising, seconds }: QualityUpdate): string {
  if (state === 'failed') return `The quality could not be measured, and will not be tried again: ${message}`;
  const shown = Object.entries(scores).map(([name, { value, floor, ceiling }]) => {
    const beside = [floor === undefined ? '' : `floor ${floor.toFixed(3)}`, ceiling && `ceiling ${ceiling.toFixed(3)}`];
    return `${name} ${value.toFixed(3)} (${beside.filter(Boolean).join(', ')})`;
  });
  const ratio = memorising?.distance_ratio;
  const distance = ratio === undefined ? [] : [`distance to training rows ${ratio.toFixed(2)} of that of fresh rows`];
  return `Quality: ${[...shown, ...distance].join(', ')}; measured in ${(seconds ?? 0).toFixed(2)} s`;
}

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

import { describe, expect, it } from 'vitest';
import { parseModelConfig } from '@gan-dashboard/trainer';
import { forkMistakes } from './fork-settings';

const defaults = parseModelConfig('wgan-gp', {});
const parent: Record<string, unknown> = defaults.ok ? defaults.config : {};

describe('what a fork may change', () => {
  it.each([{ epochs: 7 }, { batch_size: 32, generator_learning_rate: 1e-5 }, { checkpoint_every: 1 }])(
    'takes %j',
    (changes) => expect(forkMistakes(parent, changes)).toEqual([]),
  );

  it('takes a structural setting that stays as it is', () => {
    expect(forkMistakes(parent, { latent_dim: parent['latent_dim'], generator_layers: [256, 256] })).toEqual([]);
  });

  it.each(['generator_layers', 'critic_layers', 'latent_dim', 'max_categories'])('refuses %s by name', (name) => {
    const value = name.endsWith('layers') ? [8] : 17;
    expect(forkMistakes(parent, { epochs: 3, [name]: value })).toEqual([
      { path: `config.${name}`, message: expect.stringContaining(JSON.stringify(value)) },
    ]);
  });

  it('leaves settings that do not exist to the check of the config', () => {
    expect(forkMistakes(parent, { no_such_layers: [1] })).toEqual([]);
  });
});

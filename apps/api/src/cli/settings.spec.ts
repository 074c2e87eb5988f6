import { describe, expect, it } from 'vitest';
import { settingsOf } from './settings';

describe('the settings of a run', () => {
  it('are those of the file, changed in order, completed by defaults', () => {
    const config = settingsOf('ctgan', {
      file: { epochs: 5, batch_size: 40 },
      changes: ['epochs=6', 'generator_layers=32,16', 'critic_layers=[64]', 'learning_rate_decay=true', 'dropout=1e-1'],
    });
    expect(config).toMatchObject({
      epochs: 6,
      batch_size: 40,
      generator_layers: [32, 16],
      critic_layers: [64],
      learning_rate_decay: true,
      dropout: 0.1,
    });
    expect(config).toHaveProperty('latent_dim');
  });

  it.each([
    [['epochs=many'], 'epochs is "many"; allowed: a whole number'],
    [['epochs='], 'epochs is ""; allowed: a whole number'],
    [['epochs'], '--set is "epochs"; it takes name=value'],
    [['speed=3'], 'There is no setting "speed". Settings are: epochs'],
    [['learning_rate_decay=yes'], 'learning_rate_decay is "yes"; allowed: true or false'],
  ])('are refused: %j', (changes, message) => {
    expect(() => settingsOf('ctgan', { changes })).toThrow(message);
  });

  it('are of a model that there is', () => {
    expect(() => settingsOf('cgan', { changes: [] })).toThrow('--model is "cgan"; models are: wgan-gp, ctgan');
  });
});

import { healthAlertSchema } from '@gan-dashboard/shared-types';
import type { HealthAlert } from '@gan-dashboard/shared-types';
import { describe, expect, it } from 'vitest';
import { Random } from '../random/random';
import { sidesTable } from '../testing/gan-plans';
import { workerEngines } from '../testing/engines';
import { column } from '../testing/tables';
import { selectOf, trainWhole } from '../testing/training-runs';

const engine = workerEngines();
const { columns, sides, values, gains } = sidesTable(600);
const select = selectOf({ side: sides, value: values, gain: gains });
const common = {
  ...{ epochs: 25, steps_per_epoch: 20, checkpoint_seconds: 0, batch_size: 100, latent_dim: 16 },
  ...{ quality_budget: 100, quality_every: 3, quality_holdout: 0.2, generator_layers: [48, 48] },
};
const wganGp = { ...common, batch_size: 60, critic_steps: 2, generator_layers: [32, 32], critic_layers: [32, 32] };
const wide = { generator_layers: [48, 48], critic_layers: [48, 48] };
const ctgan = { ...common, critic_layers: [48, 48] };
const gan = { ...common, discriminator_layers: [48, 48] };
const { generator_layers: _layers, ...ofVae } = common;
const tvae = { ...ofVae, encoder_layers: [48], decoder_layers: [48] };

async function alertsOf(model: string, config: Record<string, unknown>): Promise<HealthAlert[]> {
  const { told } = await trainWhole({ model, config, engine, columns, select });
  return told.health.map(([alert]) => healthAlertSchema.parse(alert));
}

/** Runs that are made to fail, or not to, each for what it is. */
describe('the verdict on a run', () => {
  it.each([
    ['wgan-gp', wganGp],
    ['ctgan', ctgan],
    ['gan', gan],
    ['tvae', tvae],
  ])('of %s as it is meant to be is balanced from first to last', async (model, config) => {
    const alerts = await alertsOf(model, config);
    expect(alerts.map(({ verdict, severity }) => [verdict, severity])).toEqual([['balanced', 'ok']]);
  });

  it.each([
    ['wgan-gp', 'generator that does not learn', { ...wganGp, generator_learning_rate: 1e-7 }, 'discriminator_wins'],
    ['ctgan', 'generator that does not learn', { ...ctgan, generator_learning_rate: 1e-7 }, 'discriminator_wins'],
    [
      'gan',
      'generator that does not learn',
      { ...gan, epochs: 35, generator_learning_rate: 1e-7 },
      'discriminator_wins',
    ],
    ['gan', 'discriminator 100 times too fast', { ...gan, discriminator_learning_rate: 0.02 }, 'discriminator_wins'],
    ['wgan-gp', 'critic that does not learn', { ...wganGp, ...wide, critic_learning_rate: 1e-7 }, 'generator_wins'],
    ['ctgan', 'critic that does not learn', { ...ctgan, critic_learning_rate: 1e-7 }, 'generator_wins'],
    ['gan', 'discriminator that does not learn', { ...gan, discriminator_learning_rate: 1e-7 }, 'generator_wins'],
    [
      'wgan-gp',
      'critic 100 times too fast',
      { ...wganGp, epochs: 15, critic_learning_rate: 0.1, learning_rate_decay: false },
      'oscillating',
    ],
    [
      'wgan-gp',
      'generator 100 times too fast',
      { ...wganGp, generator_learning_rate: 0.1, learning_rate_decay: false },
      'mode_collapse',
    ],
    [
      'wgan-gp',
      'critic without a penalty',
      { ...wganGp, epochs: 10, gradient_penalty_weight: 0, critic_learning_rate: 0.1, adam_beta1: 0.9 },
      'diverging',
    ],
  ])('of %s with a %s', async (model, _what, config, verdict) => {
    const alerts = await alertsOf(model, config);
    const last = alerts.at(-1);
    expect([last?.verdict, alerts.map((alert) => alert.verdict).join(' ')]).toEqual([verdict, expect.anything()]);
    expect(last?.severity).not.toBe('ok');
    expect(Object.values(last?.numbers ?? {}).length).toBeGreaterThan(0);
    expect(last?.advice[0]).toMatch(/learning_rate \(now /);
  });

  it('of a model with room for a tiny table is memorising', async () => {
    const random = Random.of(5);
    const names = ['a', 'b', 'c', 'd', 'e'];
    const cells = () => Array.from({ length: 60 }, () => `v${random.integer(8)}`);
    const { told } = await trainWhole({
      ...{ model: 'ctgan', engine },
      select: selectOf(Object.fromEntries(names.map((name) => [name, cells()]))),
      columns: names.map((name) => column({ name, type: 'text', role: 'categorical' })),
      config: {
        ...{ ...ctgan, epochs: 40, pac: 1, dropout: 0, quality_holdout: 0.4 },
        ...{ generator_layers: [128, 128], critic_layers: [128, 128] },
        ...{ generator_learning_rate: 1e-3, critic_learning_rate: 1e-3 },
      },
    });
    const alerts = told.health.map(([alert]) => alert);
    expect(alerts.map(({ verdict }) => verdict)).toEqual(['balanced', 'memorising']);
    expect(alerts[1]).toMatchObject({ severity: 'warning', previous: 'balanced' });
    expect(alerts[1]?.numbers['copied']).toBeGreaterThan(0.2);
  });
});

import type { Engine, GanPlan } from '../../engine/engine';
import type { RowLayout } from '../../engine/gan-shape';
import { scheduleOf } from '../../engine/learning-rates';
import { sparseModel } from '../sparse-model';
import type { TableModel } from '../table-model';
import { ganConfigSchema } from './config';
import type { GanConfig } from './config';

/** Slope of the discriminator's LeakyReLU below 0 (Radford et al. 2016, section 4). */
const leak = 0.2;

/**
 * The plain GAN (Goodfellow et al. 2014): the baseline that the others are measured against. Its generator has batch
 * norm (Radford et al. 2016, section 3): without it, all rows soon fall into the most frequent category.
 */
export function openGan(given: unknown, engine: Engine): TableModel {
  const config = ganConfigSchema.parse(given);
  return sparseModel<GanPlan>({
    engineFor: (plan, madeBy) => engine.gan(plan, madeBy),
    encoding: { numbers: 'min_max', hasSpecialValues: false, maxCategories: config.max_categories },
    conditions: 'none',
    planOf: ({ layout }) => ganPlan(layout, config),
    batchSize: config.batch_size,
    batchesPerStep: 1,
    stepsPerEpoch: config.steps_per_epoch,
  });
}

export function ganPlan(layout: RowLayout, config: GanConfig): GanPlan {
  return {
    shape: {
      layout,
      latentDim: config.latent_dim,
      generator: { layers: config.generator_layers, kind: 'residual', gumbelTemperature: config.gumbel_temperature },
      critic: { layers: config.discriminator_layers, leak, dropout: config.dropout, pac: 1 },
      loss: 'non_saturating',
    },
    training: {
      batchSize: config.batch_size,
      criticSteps: 1,
      gradientPenaltyWeight: 0,
      generatorLearningRate: config.generator_learning_rate,
      criticLearningRate: config.discriminator_learning_rate,
      schedule: scheduleOf(config),
      beta1: config.adam_beta1,
      beta2: config.adam_beta2,
      weightDecay: 0,
      realLabel: config.real_label,
      generatorAverage: config.generator_average,
      informationWeight: 0,
    },
  };
}

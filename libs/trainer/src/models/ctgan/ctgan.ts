import type { Engine, GanPlan } from '../../engine/engine';
import type { ClassifierShape, RowLayout } from '../../engine/gan-shape';
import { scheduleOf } from '../../engine/learning-rates';
import { sparseModel } from '../sparse-model';
import type { TableModel } from '../table-model';
import { ctganConfigSchema } from './config';
import type { CtganConfig } from './config';
import { targetClassifier } from './target';

/** Slope of the critic's LeakyReLU below 0 (Xu et al. 2019, section 4.4). */
const leak = 0.2;

/** CTGAN (Xu et al. 2019) with conditions on modes and special values, and losses by choice (Zhao et al. 2022). */
export function openCtgan(given: unknown, engine: Engine): TableModel {
  const config = ctganConfigSchema.parse(given);
  return sparseModel<GanPlan>({
    engineFor: (plan, madeBy) => engine.gan(plan, madeBy),
    encoding: { numbers: 'mixture', hasSpecialValues: true, maxCategories: config.max_categories },
    conditions: config.condition_on_modes ? 'modes' : 'categories',
    planOf: (sparse, transforms) => ctganPlan(sparse.layout, config, targetClassifier(config, transforms, sparse)),
    batchSize: config.batch_size,
    batchesPerStep: config.critic_steps,
    stepsPerEpoch: config.steps_per_epoch,
  });
}

export function ctganPlan(layout: RowLayout, config: CtganConfig, classifier?: ClassifierShape): GanPlan {
  return {
    shape: {
      layout,
      latentDim: config.latent_dim,
      generator: { layers: config.generator_layers, kind: 'residual', gumbelTemperature: config.gumbel_temperature },
      critic: { layers: config.critic_layers, leak, dropout: config.dropout, pac: config.pac },
      loss: 'wasserstein',
      ...(classifier && { classifier }),
    },
    training: {
      batchSize: config.batch_size,
      criticSteps: config.critic_steps,
      gradientPenaltyWeight: config.gradient_penalty_weight,
      generatorLearningRate: config.generator_learning_rate,
      criticLearningRate: config.critic_learning_rate,
      schedule: scheduleOf(config),
      beta1: config.adam_beta1,
      beta2: config.adam_beta2,
      weightDecay: config.weight_decay,
      realLabel: 1,
      generatorAverage: config.generator_average,
      informationWeight: config.information_weight,
    },
  };
}

import type { Engine, TvaePlan } from '../../engine/engine';
import type { RowLayout } from '../../engine/gan-shape';
import { scheduleOf } from '../../engine/learning-rates';
import { sparseModel } from '../sparse-model';
import type { TableModel } from '../table-model';
import { tvaeConfigSchema } from './config';
import type { TvaeConfig } from './config';

/** TVAE (Xu et al. 2019, section 4.5): not adversarial, so it settles; the baseline that CTGAN is measured against. */
export function openTvae(given: unknown, engine: Engine): TableModel {
  const config = tvaeConfigSchema.parse(given);
  return sparseModel<TvaePlan>({
    engineFor: () => engine.tvae(),
    encoding: { numbers: 'mixture', hasSpecialValues: true, maxCategories: config.max_categories },
    conditions: 'none',
    planOf: ({ layout }) => tvaePlan(layout, config),
    batchSize: config.batch_size,
    batchesPerStep: 1,
    stepsPerEpoch: config.steps_per_epoch,
  });
}

export function tvaePlan(layout: RowLayout, config: TvaeConfig): TvaePlan {
  return {
    layout,
    batchSize: config.batch_size,
    latentDim: config.latent_dim,
    encoderLayers: config.encoder_layers,
    decoderLayers: config.decoder_layers,
    reconstructionWeight: config.reconstruction_weight,
    learningRate: config.learning_rate,
    schedule: scheduleOf(config),
    weightDecay: config.weight_decay,
  };
}

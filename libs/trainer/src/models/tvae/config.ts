import { z } from 'zod';
import {
  batchSizeSetting,
  checkpointSettings,
  ctganPaper,
  epochsSetting,
  latentDimSetting,
  layersSchema,
  learningRateSetting,
  maxCategoriesSetting,
  orderBookSettings,
  qualitySettings,
  scheduleSettings,
  stepsPerEpochSetting,
  weightDecaySetting,
} from '../common-settings';

const reference = `${ctganPaper}, its reference implementation`;
const section = `${ctganPaper}, section 4.5`;

/**
 * Every setting of `tvae`. The form of the web app, the check of a request and the table in `docs/models.md` come
 * from here.
 */
export const tvaeConfigSchema = z.strictObject({
  epochs: epochsSetting(300, { source: reference }),
  batch_size: batchSizeSetting(500, { source: reference }),
  steps_per_epoch: stepsPerEpochSetting(),
  latent_dim: latentDimSetting(128, section),
  encoder_layers: layersSchema.default([128, 128]).meta({
    title: 'Encoder layers',
    description: 'Units of each hidden layer of the encoder, from the row to its place in the latent space.',
    unit: 'units',
    source: section,
  }),
  decoder_layers: layersSchema.default([128, 128]).meta({
    title: 'Decoder layers',
    description: 'Units of each hidden layer of the decoder, from a place in the latent space to a row.',
    unit: 'units',
    source: section,
  }),
  reconstruction_weight: z.number().min(0.01).max(100).default(2).meta({
    title: 'Reconstruction weight',
    description:
      'How much it counts that rows come back as they were, beside the latent space being filled evenly. Higher: rows truer by themselves, but samples less like the table.',
    source: reference,
    is_advanced: true,
  }),
  learning_rate: learningRateSetting(1e-3, {
    title: 'Learning rate',
    description: 'Step size of Adam for both networks. Lower it where the loss grows without bound.',
    source: section,
  }),
  ...scheduleSettings({ falls: false }),
  weight_decay: weightDecaySetting(1e-5, reference),
  max_categories: maxCategoriesSetting(),
  ...checkpointSettings,
  ...orderBookSettings,
  ...qualitySettings,
});

export type TvaeConfig = z.infer<typeof tvaeConfigSchema>;

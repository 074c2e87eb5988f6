import { z } from 'zod';
import {
  adamBeta1Setting,
  adamBeta2Setting,
  batchSizeSetting,
  checkpointSettings,
  epochsSetting,
  generatorAverageSetting,
  gumbelTemperatureSetting,
  latentDimSetting,
  layersSchema,
  learningRateSetting,
  maxCategoriesSetting,
  orderBookSettings,
  qualitySettings,
  scheduleSettings,
  stepsPerEpochSetting,
  twoTimeScalesPaper,
} from '../common-settings';

const dcgan = 'Radford et al. 2016, "Unsupervised Representation Learning with Deep Convolutional GANs", section 4';
const asCtgan = 'as in ctgan, to compare with it';

/**
 * Every setting of `gan`. The form of the web app, the check of a request and the table in `docs/models.md` come
 * from here.
 */
export const ganConfigSchema = z.strictObject({
  epochs: epochsSetting(300, { source: asCtgan }),
  batch_size: batchSizeSetting(500, { source: asCtgan }),
  steps_per_epoch: stepsPerEpochSetting(),
  latent_dim: latentDimSetting(128, asCtgan),
  generator_layers: layersSchema.default([256, 256]).meta({
    title: 'Generator layers',
    description: 'Units of each hidden layer of the generator, from the noise to the row.',
    unit: 'units',
    source: asCtgan,
  }),
  discriminator_layers: layersSchema.default([256, 256]).meta({
    title: 'Discriminator layers',
    description: 'Units of each hidden layer of the discriminator, from the row to its answer.',
    unit: 'units',
    source: asCtgan,
  }),
  generator_learning_rate: learningRateSetting(2e-4, {
    title: 'Generator learning rate',
    description: 'Step size of Adam for the generator. Lower it where losses grow without bound.',
    source: dcgan,
  }),
  discriminator_learning_rate: learningRateSetting(2e-4, {
    title: 'Discriminator learning rate',
    description:
      'Step size of Adam for the discriminator. Apart from that of the generator (two time scales), so that the discriminator can keep ahead.',
    source: `${dcgan}; ${twoTimeScalesPaper}`,
  }),
  ...scheduleSettings({ falls: false }),
  adam_beta1: adamBeta1Setting(0.5, dcgan),
  adam_beta2: adamBeta2Setting(0.999, dcgan),
  real_label: z.number().min(0.5).max(1).default(0.9).meta({
    title: 'Label of real rows',
    description:
      'What the discriminator is to answer for real rows. A little below 1 keeps it from being too sure (one-sided label smoothing).',
    source: 'Salimans et al. 2016, "Improved Techniques for Training GANs", section 3.4',
    is_advanced: true,
  }),
  dropout: z.number().min(0).max(0.9).default(0).meta({
    title: 'Dropout of the discriminator',
    description: 'Share of the hidden units that the discriminator leaves out of each look at a row.',
    is_advanced: true,
  }),
  gumbel_temperature: gumbelTemperatureSetting(),
  generator_average: generatorAverageSetting(0.995),
  max_categories: maxCategoriesSetting(),
  ...checkpointSettings,
  ...orderBookSettings,
  ...qualitySettings,
});

export type GanConfig = z.infer<typeof ganConfigSchema>;

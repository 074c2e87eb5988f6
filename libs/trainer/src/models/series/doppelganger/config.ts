import { z } from 'zod';
import {
  adamBeta1Setting,
  adamBeta2Setting,
  checkpointSettings,
  epochsSetting,
  generatorAverageSetting,
  gumbelTemperatureSetting,
  layersSchema,
  learningRateSetting,
  maxCategoriesSetting,
  orderBookSettings,
  scheduleSettings,
  stepsPerEpochSetting,
} from '../../common-settings';
import { sequenceQualitySettings } from '../settings';

const paper = 'Lin et al. 2020, "Using GANs for Sharing Networked Time Series Data"';
const appendix = `${paper}, appendix B`;

/**
 * Every setting of `doppelganger`. The form of the web app, the check of a request and the table in `docs/models.md`
 * come from here.
 */
export const doppelgangerConfigSchema = z.strictObject({
  epochs: epochsSetting(100),
  batch_size: z.int().min(4).max(5_000).default(64).meta({
    title: 'Batch size',
    description: 'Windows that one update compares, drawn with replacement.',
    unit: 'windows',
  }),
  steps_per_epoch: stepsPerEpochSetting(),
  sequence_length: z.int().min(2).max(1_000).default(24).meta({
    title: 'Sequence length',
    description: 'Rows of a window: what the model sees at once, and the longest sequence that it can make.',
    unit: 'rows',
  }),
  window_stride: z.int().min(1).max(1_000).default(1).meta({
    title: 'Stride of windows',
    description: 'Rows from the beginning of one window of the table to that of the next.',
    unit: 'rows',
    is_advanced: true,
  }),
  rows_per_emission: z
    .int()
    .min(0)
    .max(1_000)
    .default(0)
    .meta({
      title: 'Rows at once',
      description:
        'Rows that the LSTM emits at each of its steps: more are quicker and hold long sequences together. 0 chooses: eight steps in all.',
      unit: 'rows',
      source: `${paper}, section 4.1.1 (S)`,
      is_advanced: true,
    }),
  scaling: z
    .enum(['window', 'table'])
    .default('window')
    .meta({
      title: 'Scaling',
      description:
        'window: each window is scaled by its own range, which is generated too, so that sequences of very different levels are learned together. table: all are scaled by the range of the table.',
      source: `${paper}, section 4.1.2 (auto-normalisation)`,
    }),
  decorrelate: z.boolean().default(true).meta({
    title: 'Principal components',
    description:
      'Columns that move together (prices of a day, yields of a curve) are turned to their principal components before they are learned, so that what sets them apart is seen as well as what they share.',
  }),
  attribute_layers: layersSchema.default([64, 64]).meta({
    title: 'Attribute generator layers',
    description: 'Units of each hidden layer of the generators of attributes and of ranges.',
    unit: 'units',
    source: appendix,
  }),
  lstm_units: z.int().min(4).max(1_024).default(64).meta({
    title: 'LSTM units',
    description: 'Units of the LSTM that makes the rows.',
    unit: 'units',
    source: appendix,
  }),
  latent_dim: z.int().min(1).max(256).default(10).meta({
    title: 'Latent dimensions',
    description:
      'Length of each noise vector: one for the attributes, one for the ranges, one for each step of the LSTM.',
  }),
  critic_layers: layersSchema.default([128, 128, 128]).meta({
    title: 'Critic layers',
    description: 'Units of each hidden layer of the critic of windows and of the auxiliary critic.',
    unit: 'units',
    source: appendix,
  }),
  critic_steps: z.int().min(1).max(20).default(1).meta({
    title: 'Critic steps',
    description: 'Critic updates before each generator update.',
    source: appendix,
    is_advanced: true,
  }),
  auxiliary_weight: z
    .number()
    .min(0)
    .max(100)
    .default(1)
    .meta({
      title: 'Weight of the auxiliary critic',
      description:
        'How much the judgement of attributes and ranges alone counts beside that of whole windows. 0: there is no auxiliary critic.',
      source: `${paper}, section 4.2 (α)`,
      is_advanced: true,
    }),
  gradient_penalty_weight: z.number().min(0).max(1_000).default(10).meta({
    title: 'Weight of the gradient penalty',
    description: 'How strictly the slope of both critics is held at 1.',
    source: appendix,
    is_advanced: true,
  }),
  generator_learning_rate: learningRateSetting(1e-3, {
    title: 'Generator learning rate',
    description: 'Step size of Adam. Lower it where the losses swing ever wider.',
    source: appendix,
  }),
  critic_learning_rate: learningRateSetting(1e-3, {
    title: 'Critic learning rate',
    description: 'Step size of Adam for both critics.',
    source: appendix,
  }),
  adam_beta1: adamBeta1Setting(0.5, appendix),
  adam_beta2: adamBeta2Setting(0.9, 'Gulrajani et al. 2017, "Improved Training of Wasserstein GANs", algorithm 1'),
  ...scheduleSettings({ falls: false }),
  generator_average: generatorAverageSetting(0.998),
  gumbel_temperature: gumbelTemperatureSetting(),
  max_categories: maxCategoriesSetting(),
  ...checkpointSettings,
  ...orderBookSettings,
  ...sequenceQualitySettings,
});

export type DoppelgangerConfig = z.infer<typeof doppelgangerConfigSchema>;

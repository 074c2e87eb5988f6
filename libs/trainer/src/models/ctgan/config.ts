import { z } from 'zod';
import {
  adamBeta1Setting,
  adamBeta2Setting,
  batchSizeSetting,
  checkpointSettings,
  ctabGanPlusPaper,
  ctganPaper,
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
  weightDecaySetting,
} from '../common-settings';

const reference = `${ctganPaper}, its reference implementation`;
const section = (number: string) => `${ctganPaper}, section ${number}`;

const settings = z.strictObject({
  epochs: epochsSetting(300, { source: section('5') }),
  batch_size: batchSizeSetting(500, {
    description: 'Rows that one update compares, drawn with replacement. Must be divisible by `pac`.',
    source: section('5'),
  }),
  steps_per_epoch: stepsPerEpochSetting(),
  latent_dim: latentDimSetting(128, section('4.4')),
  generator_layers: layersSchema.default([256, 256]).meta({
    title: 'Generator layers',
    description: 'Units of each residual block of the generator, from the noise to the row.',
    unit: 'units',
    source: section('4.4'),
  }),
  critic_layers: layersSchema.default([256, 256]).meta({
    title: 'Critic layers',
    description: 'Units of each hidden layer of the critic, from the packed rows to the score.',
    unit: 'units',
    source: section('4.4'),
  }),
  pac: z.int().min(1).max(100).default(10).meta({
    title: 'Rows judged together',
    description: 'The critic sees this many rows at once, so that it notices when they are too much alike.',
    unit: 'rows',
    source: 'Lin et al. 2018, "PacGAN: The power of two samples in generative adversarial networks"',
  }),
  critic_steps: z.int().min(1).max(50).default(1).meta({
    title: 'Critic steps',
    description: 'Critic updates before each generator update.',
    source: reference,
  }),
  gradient_penalty_weight: z.number().min(0).max(1000).default(10).meta({
    title: 'Gradient penalty weight',
    description: 'How strongly the slope of the critic is held at 1 between real and generated rows.',
    source: 'Gulrajani et al. 2017, "Improved Training of Wasserstein GANs", section 4',
    is_advanced: true,
  }),
  generator_learning_rate: learningRateSetting(2e-4, {
    title: 'Generator learning rate',
    description: 'Step size of Adam for the generator. Lower it where losses grow without bound.',
    source: section('4.4'),
  }),
  critic_learning_rate: learningRateSetting(2e-4, {
    title: 'Critic learning rate',
    description:
      'Step size of Adam for the critic. Apart from that of the generator (two time scales), so that the critic can keep ahead.',
    source: `${section('4.4')}; ${twoTimeScalesPaper}`,
  }),
  ...scheduleSettings({ falls: false }),
  adam_beta1: adamBeta1Setting(0.5, reference),
  adam_beta2: adamBeta2Setting(0.9, reference),
  weight_decay: weightDecaySetting(1e-6, reference),
  dropout: z
    .number()
    .min(0)
    .max(0.9)
    .default(0.5)
    .meta({
      title: 'Dropout of the critic',
      description: 'Share of the hidden units that the critic leaves out of each look at the rows.',
      source: section('4.4'),
      is_advanced: true,
    }),
  gumbel_temperature: gumbelTemperatureSetting(),
  condition_on_modes: z.boolean().default(true).meta({
    title: 'Conditions on modes',
    description:
      'Rows are also asked for by the modes and special values of quantities (such as a gain of 0), not by categories alone.',
    source: ctabGanPlusPaper,
  }),
  information_weight: z
    .number()
    .min(0)
    .max(100)
    .default(0)
    .meta({
      title: 'Information loss weight',
      description:
        'How strongly generated rows are drawn to the mean and spread that real rows have in the last hidden layer of the critic. 0 leaves it out.',
      source: `${ctabGanPlusPaper} (there: 1)`,
      is_advanced: true,
    }),
  target_column: z.string().max(1_000).default('').meta({
    title: 'Target column',
    description:
      'A column that will be predicted from the others, such as a class. A classifier learns it from real rows and draws generated rows to what it says of them; of a quantity it is the mode that is told. Empty: none.',
    source: ctabGanPlusPaper,
  }),
  target_weight: z.number().min(0.001).max(100).default(1).meta({
    title: 'Weight of the target',
    description: 'How much the classifier counts in the loss of the generator, where `target_column` names a column.',
    source: ctabGanPlusPaper,
    is_advanced: true,
  }),
  generator_average: generatorAverageSetting(0.995),
  max_categories: maxCategoriesSetting(),
  ...checkpointSettings,
  ...orderBookSettings,
  ...qualitySettings,
});

/**
 * Every setting of `ctgan`. The form of the web app, the check of a request and the table in `docs/models.md` come
 * from here.
 */
export const ctganConfigSchema = settings.refine(({ batch_size, pac }) => batch_size % pac === 0, {
  path: ['batch_size'],
  error: 'a whole number divisible by pac',
});

export type CtganConfig = z.infer<typeof ctganConfigSchema>;

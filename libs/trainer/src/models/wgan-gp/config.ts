import { z } from 'zod';
import {
  checkpointSettings,
  generatorAverageSetting,
  layersSchema,
  maxCategoriesSetting,
  orderBookSettings,
  qualitySettings,
  scheduleSettings,
  twoTimeScalesPaper,
} from '../common-settings';

const gulrajani = 'Gulrajani et al. 2017, "Improved Training of Wasserstein GANs"';
const ctgan = 'Xu et al. 2019, "Modeling Tabular Data using Conditional GAN", section 4';

/** Chosen by short runs on small and on wide tables. */
const measured = 'measured, see docs/models.md';

/**
 * Every setting of `wgan-gp`. The form of the web app, the check of a request and the table in `docs/models.md`
 * come from here.
 */
export const wganGpConfigSchema = z.strictObject({
  epochs: z.int().min(1).max(100_000).default(100).meta({
    title: 'Epochs',
    description: 'How long to train. One epoch is `steps_per_epoch` steps; metrics are reported once an epoch.',
    unit: 'epochs',
  }),
  batch_size: z.int().min(4).max(20_000).default(150).meta({
    title: 'Batch size',
    description: 'Rows that one update compares. A table with fewer rows is used whole in each update.',
    unit: 'rows',
    source: measured,
  }),
  steps_per_epoch: z.int().min(0).max(100_000).default(0).meta({
    title: 'Steps per epoch',
    description:
      'Generator steps in one epoch. 0 chooses by the table: as many as it takes for the critic to read each row once, but at least 60, so that an epoch on a small table passes over it several times.',
    unit: 'steps',
    is_advanced: true,
  }),
  latent_dim: z.int().min(1).max(1024).default(128).meta({
    title: 'Latent dimensions',
    description: 'Length of the noise vector from which the generator makes a row.',
    source: ctgan,
  }),
  generator_layers: layersSchema.default([256, 256]).meta({
    title: 'Generator layers',
    description: 'Units of each hidden layer of the generator, from the noise to the row.',
    unit: 'units',
    source: ctgan,
  }),
  critic_layers: layersSchema.default([256, 256]).meta({
    title: 'Critic layers',
    description: 'Units of each hidden layer of the critic, from the row to the score.',
    unit: 'units',
    source: ctgan,
  }),
  critic_steps: z
    .int()
    .min(1)
    .max(50)
    .default(4)
    .meta({
      title: 'Critic steps',
      description:
        'Critic updates before each generator update. The paper uses 5. Fewer updates with larger batches take the same time, but the critic follows less well and small tables come out less even.',
      source: `${gulrajani}, algorithm 1 (there: 5); ${measured}`,
    }),
  gradient_penalty_weight: z
    .number()
    .min(0)
    .max(1000)
    .default(10)
    .meta({
      title: 'Gradient penalty weight',
      description: 'How strongly the slope of the critic is held at 1 between real and generated rows.',
      source: `${gulrajani}, section 4`,
      is_advanced: true,
    }),
  generator_learning_rate: z
    .number()
    .min(1e-7)
    .max(0.1)
    .default(5e-4)
    .meta({
      title: 'Generator learning rate',
      description: 'Step size of Adam for the generator. Lower it where losses grow without bound.',
      source: `${gulrajani}, algorithm 1 (there: 1e-4, for far more steps); ${measured}`,
    }),
  critic_learning_rate: z.number().min(1e-7).max(0.1).default(1e-3).meta({
    title: 'Critic learning rate',
    description: 'Step size of Adam for the critic. Twice that of the generator, so that the critic keeps up.',
    source: twoTimeScalesPaper,
  }),
  ...scheduleSettings({ falls: true, source: `${gulrajani}, appendix F` }),
  adam_beta1: z
    .number()
    .min(0)
    .max(0.999)
    .default(0)
    .meta({
      title: 'Adam beta 1',
      description:
        'Share of the running mean of gradients that a step keeps. Above 0 the two networks tend to circle each other.',
      source: `${gulrajani}, algorithm 1`,
      is_advanced: true,
    }),
  adam_beta2: z
    .number()
    .min(0)
    .max(0.99999)
    .default(0.9)
    .meta({
      title: 'Adam beta 2',
      description: 'Share of the running mean of squared gradients that a step keeps.',
      source: `${gulrajani}, algorithm 1`,
      is_advanced: true,
    }),
  gumbel_temperature: z.number().min(0.01).max(10).default(0.2).meta({
    title: 'Gumbel temperature',
    description: 'Softness of generated categories during training: lower is nearer to one category of many.',
    source: ctgan,
    is_advanced: true,
  }),
  generator_average: generatorAverageSetting(0.995),
  max_categories: maxCategoriesSetting(),
  ...checkpointSettings,
  ...orderBookSettings,
  ...qualitySettings,
});

export type WganGpConfig = z.infer<typeof wganGpConfigSchema>;

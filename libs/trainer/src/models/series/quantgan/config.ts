import { z } from 'zod';
import {
  adamBeta1Setting,
  adamBeta2Setting,
  checkpointSettings,
  epochsSetting,
  generatorAverageSetting,
  learningRateSetting,
  scheduleSettings,
  stepsPerEpochSetting,
} from '../../common-settings';
import { sequenceQualitySettings } from '../settings';

const paper = 'Wiese et al. 2020, "Quant GANs: Deep Generation of Financial Time Series"';

/**
 * Every setting of `quantgan`. The form of the web app, the check of a request and the table in `docs/models.md` come
 * from here.
 */
export const quantganConfigSchema = z.strictObject({
  epochs: epochsSetting(30),
  batch_size: z.int().min(4).max(1_000).default(32).meta({
    title: 'Batch size',
    description: 'Windows of returns that one update compares, drawn with replacement.',
    unit: 'windows',
  }),
  steps_per_epoch: stepsPerEpochSetting(),
  sequence_length: z.int().min(2).max(100_000).default(127).meta({
    title: 'Sequence length',
    description: 'Rows of a sequence of a sample that names no length. What is learned does not depend on it.',
    unit: 'rows',
  }),
  temporal_blocks: z
    .int()
    .min(2)
    .max(10)
    .default(7)
    .meta({
      title: 'Temporal blocks',
      description:
        'Blocks of both networks; each but the first doubles how far back they see: 7 see 127 returns, 8 see 255. A sequence needs more rows than that.',
      source: `${paper}, appendix B`,
    }),
  channels: z.int().min(2).max(512).default(16).meta({
    title: 'Channels',
    description: 'Channels of each block. The paper has 80, at 25 times the work.',
    unit: 'channels',
  }),
  latent_dim: z
    .int()
    .min(1)
    .max(64)
    .default(3)
    .meta({
      title: 'Latent dimensions',
      description: 'Length of the noise of each time.',
      source: `${paper}, appendix B`,
    }),
  generator_learning_rate: learningRateSetting(4e-4, {
    title: 'Generator learning rate',
    description: 'Step size of Adam. Lower it where the losses swing ever wider.',
    source: 'Heusel et al. 2017, "GANs Trained by a Two Time-Scale Update Rule" (a rate for each network)',
  }),
  discriminator_learning_rate: learningRateSetting(4e-4, {
    title: 'Discriminator learning rate',
    description: 'Step size of Adam.',
    source: 'Heusel et al. 2017, "GANs Trained by a Two Time-Scale Update Rule" (a rate for each network)',
  }),
  adam_beta1: adamBeta1Setting(0, paper),
  adam_beta2: adamBeta2Setting(0.9, paper),
  ...scheduleSettings({ falls: false }),
  generator_average: generatorAverageSetting(0.99),
  ...checkpointSettings,
  ...sequenceQualitySettings,
});

export type QuantganConfig = z.infer<typeof quantganConfigSchema>;

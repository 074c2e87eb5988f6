import { z } from 'zod';
import { bookRowChoices } from '../data/order-book/book-repair';

/** Settings that models of tables share; each model gives its own defaults and sources. */

export const ctganPaper = 'Xu et al. 2019, "Modeling Tabular Data using Conditional GAN"';
export const ctabGanPlusPaper = 'Zhao et al. 2022, "CTAB-GAN+: Enhancing Tabular Data Synthesis"';
export const averagingPaper = 'Yazıcı et al. 2019, "The Unusual Effectiveness of Averaging in GAN Training"';
/** Why critic and generator have a learning rate each. */
export const twoTimeScalesPaper = 'Heusel et al. 2017, "GANs Trained by a Two Time-Scale Update Rule"';

interface Words {
  title?: string;
  description?: string;
  source?: string;
}

export const layersSchema = z.array(z.int().min(4).max(4096)).min(1).max(8);

export const epochsSetting = (epochs: number, words: Words = {}) =>
  z
    .int()
    .min(1)
    .max(100_000)
    .default(epochs)
    .meta({
      title: 'Epochs',
      description: 'How long to train. One epoch is `steps_per_epoch` steps; metrics are reported once an epoch.',
      unit: 'epochs',
      ...words,
    });

export const batchSizeSetting = (rows: number, words: Words = {}) =>
  z
    .int()
    .min(4)
    .max(20_000)
    .default(rows)
    .meta({
      title: 'Batch size',
      description: 'Rows that one update compares, drawn with replacement.',
      unit: 'rows',
      ...words,
    });

/** Fewest steps of an epoch where the table decides: small tables are passed over several times. */
export const fewestSteps = 20;

export const stepsPerEpochSetting = () =>
  z
    .int()
    .min(0)
    .max(100_000)
    .default(0)
    .meta({
      title: 'Steps per epoch',
      description: `Updates in one epoch. 0 chooses by the table: as many batches as it has, but at least ${fewestSteps}.`,
      unit: 'steps',
      is_advanced: true,
    });

export const latentDimSetting = (dimensions: number, source: string) =>
  z.int().min(1).max(1024).default(dimensions).meta({
    title: 'Latent dimensions',
    description: 'Length of the noise vector from which a row is made.',
    source,
  });

export const learningRateSetting = (rate: number, words: Required<Words>) =>
  z.number().min(1e-7).max(0.1).default(rate).meta(words);

/** How the learning rates change over a run. The default: not at all, or (with `falls`) in a straight line to 0. */
export const scheduleSettings = ({ falls, source }: { falls: boolean; source?: string }) => ({
  learning_rate_decay: z
    .boolean()
    .default(falls)
    .meta({
      title: 'Learning rates fall',
      description: 'The learning rates fall to 0 over the run, so that it ends settled.',
      ...(source === undefined ? {} : { source }),
      is_advanced: true,
    }),
  learning_rate_curve: z.enum(['linear', 'cosine']).default('linear').meta({
    title: 'Curve of the fall',
    description:
      'How the learning rates fall, where they do: in a straight line, or as half a cosine, which stays high longer and ends more gently.',
    source: 'Loshchilov and Hutter 2017, "SGDR: Stochastic Gradient Descent with Warm Restarts" (cosine)',
    is_advanced: true,
  }),
  warmup_steps: z.int().min(0).max(1_000_000).default(0).meta({
    title: 'Warm-up',
    description: 'Steps over which the learning rates rise in a straight line to their full size. 0: none.',
    unit: 'steps',
    source: 'Goyal et al. 2017, "Accurate, Large Minibatch SGD", section 2.2 (there: for large batches)',
    is_advanced: true,
  }),
});

export const adamBeta1Setting = (beta: number, source: string) =>
  z.number().min(0).max(0.999).default(beta).meta({
    title: 'Adam beta 1',
    description: 'Share of the running mean of gradients that a step keeps.',
    source,
    is_advanced: true,
  });

export const adamBeta2Setting = (beta: number, source: string) =>
  z.number().min(0).max(0.99999).default(beta).meta({
    title: 'Adam beta 2',
    description: 'Share of the running mean of squared gradients that a step keeps.',
    source,
    is_advanced: true,
  });

export const weightDecaySetting = (share: number, source: string) =>
  z.number().min(0).max(0.1).default(share).meta({
    title: 'Weight decay',
    description: 'Share of each weight that is added to its gradient (L2), so that weights stay small.',
    source,
    is_advanced: true,
  });

export const gumbelTemperatureSetting = () =>
  z
    .number()
    .min(0.01)
    .max(10)
    .default(0.2)
    .meta({
      title: 'Gumbel temperature',
      description: 'Softness of generated categories during training: lower is nearer to one category of many.',
      source: `${ctganPaper}, section 4.4`,
      is_advanced: true,
    });

export const generatorAverageSetting = (share: number) =>
  z.number().min(0).max(0.99999).default(share).meta({
    title: 'Averaging of the generator',
    description:
      'Share that each step keeps of a running mean of the generator weights; samples are drawn with that mean. 0 samples with the last weights.',
    source: averagingPaper,
    is_advanced: true,
  });

export const maxCategoriesSetting = () =>
  z.int().min(2).max(10_000).default(100).meta({
    title: 'Most categories of a column',
    description:
      'A categorical column with more values keeps its most frequent ones; the rest share one slot and are drawn by their true frequencies.',
    unit: 'values',
    is_advanced: true,
  });

/** How a run treats order books; without effect on other tables. */
export const orderBookSettings = {
  order_book_rows: z.enum(bookRowChoices).default('drop').meta({
    title: 'Rows that are no valid book',
    description:
      'Of order books only: rows that are crossed, out of order, off the tick grid or with sizes that are not positive. drop leaves them out, repair puts their prices in order, keep learns each as the nearest valid book.',
    is_advanced: true,
  }),
};

export const checkpointSettings = {
  checkpoint_every: z.int().min(0).max(100_000).default(0).meta({
    title: 'Checkpoint every',
    description: 'Epochs between checkpoints; 0: only by time, at the end and when the run is stopped.',
    unit: 'epochs',
    is_advanced: true,
  }),
  checkpoint_seconds: z.int().min(0).max(86_400).default(60).meta({
    title: 'Checkpoint after',
    description: 'Seconds of training between checkpoints: what a crash can cost at most. 0: not by time.',
    unit: 'seconds',
    is_advanced: true,
  }),
};

/** Measuring the quality of generated rows during training, and what is made of it. */
export const qualitySettings = {
  quality_every: z.int().min(0).max(100_000).default(1).meta({
    title: 'Quality every',
    description:
      'Epochs between two measurements of the quality of generated rows, more where that takes more than `quality_budget` of the time. The first and the last epoch are measured. 0: off, and all rows train.',
    unit: 'epochs',
  }),
  quality_budget: z.number().min(0.1).max(100).default(5).meta({
    title: 'Time for quality',
    description: 'Most of the time of the training that measuring may take. 100: no limit.',
    unit: '%',
    is_advanced: true,
  }),
  quality_holdout: z.number().min(0).max(0.5).default(0.05).meta({
    title: 'Held-out share',
    description:
      'Share of the rows that training never sees, at most 5,000, by which copying is told from learning. Where it comes to fewer than 10 rows, none are held out.',
    is_advanced: true,
  }),
  early_stopping_patience: z.int().min(0).max(10_000).default(0).meta({
    title: 'Patience',
    description:
      'Measurements of the quality in a row without a better one after which the run ends. 0: it goes on to its last epoch.',
    unit: 'measurements',
    is_advanced: true,
  }),
};

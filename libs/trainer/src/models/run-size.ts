import type { DatasetColumn } from '@gan-dashboard/shared-types';
import { z } from 'zod';
import { holdoutRows } from '../run/holdout';
import { fewestSteps } from './common-settings';
import { encodedWidthOf } from './encoded-width';
import type { EncodedWidth } from './encoded-width';

/** Operations per second that a step reaches on one core of 2020 or later (docs/performance.md). */
const fusedRate = 40e9;
const tensorflowRate = 3e9;

export interface RunSize {
  width: EncodedWidth;
  /** Weights that are learned, at most. */
  parameters_at_most: number;
  /** Rows that are left to train on. */
  training_rows: number;
  steps_per_epoch: number;
  /** Rows that one step reads. */
  rows_per_step: number;
  /** Floating-point operations of one epoch, roughly. */
  operations_per_epoch: number;
  /** Seconds of one epoch at the rate that the engine of the model reaches on one core. */
  seconds_per_epoch: number;
  /** Bytes of the encoded rows, the weights with the state of their optimiser, and one batch; not of the process itself. */
  memory_bytes: number;
}

const common = {
  batch_size: z.number(),
  steps_per_epoch: z.number(),
  latent_dim: z.number(),
  max_categories: z.number(),
  quality_every: z.number(),
  quality_holdout: z.number(),
};
const layers = z.array(z.number());
const gan = z.object({ ...common, generator_layers: layers, discriminator_layers: layers });
const wganGp = z.object({ ...common, generator_layers: layers, critic_layers: layers, critic_steps: z.number() });
const ctgan = wganGp.extend({ pac: z.number() });
const tvae = z.object({ ...common, encoder_layers: layers, decoder_layers: layers });

interface Networks {
  /** Weights of what makes rows, and of what judges or encodes them. */
  maker: number;
  judge: number;
  /** Rows that the judge takes together. */
  pac: number;
  /** Times that the judge looks at a batch in one step. */
  looks: number;
  /** Batches that one step reads. */
  batches: number;
}

/**
 * How large a run of a model of single rows gets, before anything is read: bounds from what is known of the columns.
 *
 * @param config complete and checked
 * @returns null for models of sequences and programs, whose size their settings alone do not tell
 * @throws DataError for a column that asks to be read as what its type cannot be
 */
export function runSizeOf(
  model: string,
  config: Readonly<Record<string, unknown>>,
  dataset: { columns: readonly DatasetColumn[]; row_count: number },
): RunSize | null {
  if (model !== 'gan' && model !== 'wgan-gp' && model !== 'ctgan' && model !== 'tvae') return null;
  const settings = z.object(common).parse(config);
  const width = encodedWidthOf(model, dataset, settings.max_categories);
  const networks = networksOf(model, config, width.at_most);
  const isMeasured = settings.quality_every > 0;
  const trainingRows = dataset.row_count - (isMeasured ? holdoutRows(dataset.row_count, settings.quality_holdout) : 0);
  const steps = settings.steps_per_epoch || stepsByTable(model, trainingRows, settings.batch_size, networks.batches);
  const parameters = networks.maker + networks.judge;
  const perRow = networks.maker + (networks.looks * networks.judge) / networks.pac;
  // A weight costs a multiplication and an addition forward, and twice that backward.
  const operations = 6 * perRow * settings.batch_size * steps;
  const rate = model === 'ctgan' || model === 'gan' ? fusedRate : tensorflowRate;
  return {
    width,
    parameters_at_most: parameters,
    training_rows: trainingRows,
    steps_per_epoch: steps,
    rows_per_step: settings.batch_size * networks.batches,
    operations_per_epoch: operations,
    seconds_per_epoch: operations / rate,
    memory_bytes: memoryOf(
      { parameters, placesPerBatch: settings.batch_size * width.at_most },
      // Sparse rows take 4 bytes for a number of a column and 2 for each of its choices, dense ones 4 for each place.
      trainingRows * (model === 'wgan-gp' ? 4 * width.at_most : 8 * width.columns.length),
    ),
  };
}

function networksOf(model: 'gan' | 'wgan-gp' | 'ctgan' | 'tvae', config: unknown, width: number): Networks {
  switch (model) {
    case 'gan': {
      const { latent_dim: latent, generator_layers: makes, discriminator_layers: judges } = gan.parse(config);
      return { maker: residual(latent, makes, width), judge: dense(width, judges, 1), pac: 1, looks: 3, batches: 1 };
    }
    case 'wgan-gp': {
      const { latent_dim: latent, critic_steps: batches, ...given } = wganGp.parse(config);
      const judge = dense(width, given.critic_layers, 1);
      return { maker: dense(latent, given.generator_layers, width), judge, pac: 1, looks: 4 * batches, batches };
    }
    case 'ctgan': {
      const { latent_dim: latent, critic_steps: batches, pac, ...given } = ctgan.parse(config);
      // A row may carry a condition for each of its places.
      const maker = residual(latent + width, given.generator_layers, width);
      const judge = dense(2 * width * pac, given.critic_layers, 1);
      return { maker, judge, pac, looks: 4 * batches, batches };
    }
    case 'tvae': {
      const { latent_dim: latent, encoder_layers: reads, decoder_layers: makes } = tvae.parse(config);
      // The decoder learns a spread for each place, the encoder a mean and a spread for each dimension.
      const maker = dense(latent, makes, width) + width;
      return { maker, judge: dense(width, reads, 2 * latent), pac: 1, looks: 1, batches: 1 };
    }
  }
}

/** Weights of layers one after the other, with their biases. */
function dense(inputs: number, hidden: readonly number[], outputs: number): number {
  const sizes = [inputs, ...hidden, outputs];
  return sizes.slice(1).reduce((sum, size, index) => sum + ((sizes[index] ?? 0) + 1) * size, 0);
}

/** Each layer is handed on together with its input, and has a batch norm of two weights a unit. */
function residual(inputs: number, hidden: readonly number[], outputs: number): number {
  let width = inputs;
  let sum = 0;
  for (const units of hidden) {
    sum += (width + 3) * units;
    width += units;
  }
  return sum + (width + 1) * outputs;
}

function stepsByTable(model: string, rows: number, batch: number, batches: number): number {
  if (model === 'wgan-gp') return Math.max(60, Math.floor(rows / (batch * batches)));
  return Math.max(fewestSteps, Math.floor(rows / batch));
}

/** A weight takes 4 bytes with its gradient, two moments and its mean each; a batch some copies on its way. */
function memoryOf(of: { parameters: number; placesPerBatch: number }, encodedBytes: number): number {
  return encodedBytes + of.parameters * 4 * 5 + of.placesPerBatch * 4 * 6;
}

import type { Layout } from '../data/layout';
import type { BatchSource } from '../data/batch-source';
import type { WganGpConfig } from '../models/wgan-gp/config';
import type { Random } from '../random/random';

/** Means over one step; names are those of the `training_update` event. */
export type StepMetrics = Record<
  | 'generator_loss'
  | 'discriminator_loss'
  | 'real_scores'
  | 'fake_scores'
  | 'gradient_penalty'
  | 'gradient_norm'
  | 'wasserstein_estimate',
  number
>;

/** All numbers that a model learns, by name: weights, optimiser moments and counts of updates. */
export type ModelState = Record<string, Float32Array>;

/** A model under training: everything that a step changes is inside. */
export interface TrainableModel {
  /** Trainable parameters of each network. */
  readonly parameters: Record<string, number>;
  /**
   * One step: the critic's updates, then one of the generator. Everything random in it comes from streams named by
   * the seed of `batches` and the number of the step (from 0): a step repeated from the same state gives the same.
   */
  step(batches: BatchSource, at: { step: number; totalSteps: number }): StepMetrics;
  /** Copies of everything learned so far. */
  getState(): ModelState;
  /** @throws Error where the state does not fit the model */
  setState(state: ModelState): void;
}

/** A trained generator. */
export interface Sampler {
  /** `rows` encoded rows, `[rows, width]`. */
  sample(rows: number, random: Random): Float32Array;
}

/** What computes the steps. Models know layouts and numbers; how they are multiplied is the engine's matter. */
export interface Engine {
  /** Engine and backend, such as `tensorflow.js 4.22.0 (wasm)`. */
  readonly name: string;
  createModel(layout: Layout, config: WganGpConfig, seed: number): TrainableModel;
  createSampler(layout: Layout, config: WganGpConfig, state: ModelState): Sampler;
}

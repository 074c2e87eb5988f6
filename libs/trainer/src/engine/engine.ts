import type { EncodedTable } from '../data/encoded-table';
import type { Layout } from '../data/layout';
import type { ReturnSource } from '../data/series/returns';
import type { WindowLayout, WindowSource } from '../data/series/windows';
import type { DoppelgangerConfig } from '../models/series/doppelganger/config';
import type { QuantganConfig } from '../models/series/quantgan/config';
import type { WganGpConfig } from '../models/wgan-gp/config';
import type { Random } from '../random/random';
import type { EncodedRows, GanShape, RowLayout, TrainingRows } from './gan-shape';
import type { LearningRateSchedule } from './learning-rates';

/**
 * Means over one step, by the names of the `training_update` event, such as `generator_loss`. Every step of a model
 * gives the same names.
 */
export type StepMetrics = Record<string, number>;

/** All numbers that a model learns, by name: weights, running statistics, optimiser moments and counts of updates. */
export type ModelState = Record<string, Float32Array>;

/** A model under training, bound to its rows and its seed: everything that a step changes is inside. */
export interface TrainableModel {
  /** Trainable parameters of each network. */
  readonly parameters: Record<string, number>;
  /**
   * One step: the critic's updates where there is one, then one of the generator. Everything random in it comes
   * from streams named by the seed and the number of the step (from 0), so that a step repeated from the same state
   * gives the same.
   */
  step(at: { step: number; totalSteps: number }): StepMetrics;
  /** Copies of everything learned so far. */
  getState(): ModelState;
  /** @throws Error where the state does not fit the model */
  setState(state: ModelState): void;
  /** Lets go of threads and memory, where the model holds any that nobody else would free. */
  dispose?(): Promise<void>;
}

/** A trained generator. A row depends on its own draws alone, not on the rows beside it. */
export interface Sampler<Rows> {
  /**
   * @param conditions for each row the place of the condition vector that is 1, or -1 for none; absent: none
   * @returns encoded rows
   */
  sample(rows: number, random: Random, conditions?: Int32Array): Rows;
}

/** How one kind of model is computed. */
export interface ModelEngine<Plan, Rows, Sampled = Rows> {
  /** Engine, version, backend and threads, such as `tensorflow.js 4.22.0 (wasm)`: recorded with each run. */
  readonly name: string;
  createModel(plan: Plan, rows: Rows, seed: number): TrainableModel;
  createSampler(plan: Plan, state: ModelState): Sampler<Sampled>;
}

/** Computes GANs of two multi-layer perceptrons: gives and takes sparse rows. */
export type GanEngine = ModelEngine<GanPlan, TrainingRows, EncodedRows>;
export type TvaeEngine = ModelEngine<TvaePlan, TrainingRows, EncodedRows>;
export type QuantganEngine = ModelEngine<QuantganPlan, ReturnSource, Float32Array>;
export type DoppelgangerEngine = ModelEngine<DoppelgangerPlan, WindowSource, Float32Array>;
export type WganGpEngine = ModelEngine<WganGpPlan, EncodedTable, Float32Array>;

/**
 * Finds what computes a plan. Models know layouts and numbers; how they are multiplied is the engine's matter. What is
 * not asked for is never loaded.
 */
export interface Engine {
  /** @param madeBy name of the engine whose state is to be used, which others may not read */
  gan(plan: GanPlan, madeBy?: string): Promise<GanEngine>;
  tvae(): Promise<TvaeEngine>;
  wganGp(): Promise<WganGpEngine>;
  doppelganger(): Promise<DoppelgangerEngine>;
  quantgan(): Promise<QuantganEngine>;
}

/** A GAN of two multi-layer perceptrons and how it is trained. */
export interface GanPlan {
  shape: GanShape;
  training: GanTraining;
}

export interface GanTraining {
  /** Rows of a batch; divides by the critic's pac. */
  batchSize: number;
  /** Critic updates before each generator update. */
  criticSteps: number;
  /** λ of the gradient penalty; not used by `non_saturating`. */
  gradientPenaltyWeight: number;
  generatorLearningRate: number;
  criticLearningRate: number;
  /** Of both learning rates. */
  schedule: LearningRateSchedule;
  /** Adam, with epsilon 1e-8. */
  beta1: number;
  beta2: number;
  /** L2: this share of each parameter is added to its gradient. */
  weightDecay: number;
  /** What the discriminator is to answer for real rows; only `non_saturating`. 0.9 smooths one-sidedly. */
  realLabel: number;
  /** Share that each step keeps of the running mean of the generator. 0: samples use its last weights. */
  generatorAverage: number;
  /** Weight of the difference of the critic's features (Zhao et al. 2022, information loss). 0: left out. */
  informationWeight: number;
}

/** A variational autoencoder of tables. */
export interface TvaePlan {
  layout: RowLayout;
  batchSize: number;
  latentDim: number;
  /** Units of each hidden layer. */
  encoderLayers: readonly number[];
  decoderLayers: readonly number[];
  /** Weight of the reconstruction beside the divergence. */
  reconstructionWeight: number;
  learningRate: number;
  schedule: LearningRateSchedule;
  /** L2: this share of each parameter is added to its gradient. */
  weightDecay: number;
}

export interface QuantganPlan {
  /** Features whose returns are learned. */
  width: number;
  /** Returns of a sampled sequence. */
  length: number;
  config: QuantganConfig;
}

export interface DoppelgangerPlan {
  layout: WindowLayout;
  config: DoppelgangerConfig;
}

export interface WganGpPlan {
  layout: Layout;
  config: WganGpConfig;
}

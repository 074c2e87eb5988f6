/**
 * The fused engine: GANs of two multi-layer perceptrons, each step computed by hand-derived gradients in WebAssembly.
 *
 * `createFusedGan` trains and `FusedSampler` draws rows; `FusedGanEngine` offers both as a `GanEngine`. Where
 * `reasonAgainstWebAssembly` gives a reason, neither can run and TensorFlow.js has to.
 */
import type { GanShape, TrainingRows } from '../gan-shape';
import { FusedGan } from './fused-gan';
import { chooseLanes } from './lanes';
import { memoryKind } from './builds';
import type { FusedGanOptions } from './fused-gan';
import type { FusedHyperparameters } from './hyperparameters';

export { FusedGanEngine } from './gan-engine';
export type { FusedEngineOptions, FusedModel } from './gan-engine';
export { FusedSampler } from './fused-sampler';
export type { FusedGan, FusedGanOptions, FusedStep } from './fused-gan';
export type { AdamSettings, FusedHyperparameters } from './hyperparameters';
export type { CriticMeasures, GeneratorMeasures, NetworkNorms, StepMeasures } from './measures';
export { reasonAgainstWebAssembly } from './runtime';
export type { Clock } from './runtime';
export type { SampleOptions } from './sampling';

/**
 * A GAN with its first weights, ready to be trained on `rows`.
 *
 * @throws RangeError naming the setting or the row that does not fit
 * @throws Error saying why WebAssembly cannot compute it here
 */
export function createFusedGan(
  shape: GanShape,
  hyperparameters: FusedHyperparameters,
  rows: TrainingRows,
  options: FusedGanOptions,
): FusedGan {
  const lanes = options.lanes ?? chooseLanes(memoryKind(options.threads), options.clock).lanes;
  return new FusedGan(shape, hyperparameters, rows, { ...options, lanes });
}

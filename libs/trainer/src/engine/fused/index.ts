/**
 * The fused engine: GANs of two multi-layer perceptrons, each step computed by hand-derived gradients in WebAssembly.
 * `createFusedGan` trains, `createFusedSampler` draws rows, `FusedGanEngine` offers both as a `GanEngine`.
 */
export { FusedGan } from './fused-gan';
export type { FusedGanOptions, FusedStep } from './fused-gan';
export type { AdamSettings, FusedHyperparameters } from './hyperparameters';
export type { CriticMeasures, GeneratorMeasures, NetworkNorms, StepMeasures } from './measures';
export type { Clock } from './runtime';
export { reasonAgainstWebAssembly } from './runtime';

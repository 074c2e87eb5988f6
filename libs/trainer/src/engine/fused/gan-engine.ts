import type { GanEngine, GanPlan, ModelState, Sampler, StepMetrics, TrainableModel } from '../engine';
import type { EncodedRows, TrainingRows } from '../gan-shape';
import { rateFactor } from '../learning-rates';
import { FusedGan } from './fused-gan';
import { chooseLanes } from './lanes';
import { FusedSampler } from './fused-sampler';
import type { FusedHyperparameters } from './hyperparameters';
import type { StepMeasures } from './measures';
import { reasonAgainstWebAssembly } from './runtime';
import type { Clock } from './runtime';
import { memoryKind } from './builds';
import type { Lanes } from './builds';

export interface FusedEngineOptions {
  /** Threads to compute on, with the one that calls; 1 to 16. */
  threads: number;
  clock: Clock;
  /** Numbers in one register, with no change of the result; absent: found out by `chooseLanes`. */
  lanes?: Lanes;
  /** Told each time a slower way is taken while a model is trained, for a log. */
  onFallback?: (reason: string) => void;
}

/** A model whose helping threads have to be ended. */
export interface FusedModel extends TrainableModel {
  dispose(): Promise<void>;
}

/** `FusedGan` and `FusedSampler` by the names of `GanPlan` and of the `training_update` event. */
export class FusedGanEngine implements GanEngine {
  readonly name: string;
  private readonly lanes: Lanes;

  /** @throws Error saying why this engine cannot run here; another one then has to */
  constructor(private readonly options: FusedEngineOptions) {
    const reason = reasonAgainstWebAssembly();
    if (reason) throw new Error(reason);
    const { threads } = options;
    this.lanes = this.lanesOf(threads);
    this.name = `fused (wasm simd, ${this.lanes} lanes, ${threads} ${threads === 1 ? 'thread' : 'threads'})`;
  }

  createModel({ shape, training }: GanPlan, rows: TrainingRows, seed: number): FusedModel {
    const { lanes } = this;
    const { threads, clock, onFallback } = this.options;
    const gan = new FusedGan(shape, hyperparametersOf(training), rows, { threads, clock, seed, lanes });
    let told = 0;
    return {
      parameters: gan.parameters,
      step: ({ step, totalSteps }) => {
        const factor = rateFactor(training.schedule, { step, totalSteps });
        const measures = gan.step({
          step,
          generatorRate: factor * training.generatorLearningRate,
          criticRate: factor * training.criticLearningRate,
        });
        for (const reason of gan.fallbacks.slice(told)) onFallback?.(reason);
        told = gan.fallbacks.length;
        return metricsOf(measures, training.informationWeight, shape.classifier?.weight);
      },
      getState: () => gan.getState(),
      setState: (state) => gan.setState(state),
      dispose: () => gan.dispose(),
    };
  }

  createSampler({ shape, training }: GanPlan, state: ModelState): Sampler<EncodedRows> {
    const sampler = new FusedSampler(shape, state, training.generatorAverage > 0, this.lanesOf(1));
    return {
      sample: (rows, random, conditions) =>
        sampler.sampleEncoded(rows, { seed: random.nextUint32(), ...(conditions && { conditions }) }),
    };
  }

  private lanesOf(threads: number): Lanes {
    const { clock, onFallback, lanes } = this.options;
    if (lanes) return lanes;
    const choice = chooseLanes(memoryKind(threads), clock);
    if (choice.reason) onFallback?.(`4 numbers at a time instead of 8: ${choice.reason}`);
    return choice.lanes;
  }
}

export function hyperparametersOf(training: GanPlan['training']): FusedHyperparameters {
  const { batchSize, criticSteps, gradientPenaltyWeight, beta1, beta2, weightDecay, generatorAverage } = training;
  const adam = { beta1, beta2, decay: weightDecay };
  return {
    ...{ batchSize, criticSteps, gradientPenaltyWeight, generatorAverage, generator: adam, critic: adam },
    realTarget: training.realLabel,
    conditionWeight: 1,
    featureMatchWeight: training.informationWeight,
  };
}

/** Measures by the names of the metrics; those that were not measured are absent. */
function metricsOf(measures: StepMeasures, informationWeight: number, targetWeight = 0): StepMetrics {
  const { norms, milliseconds, featureMatch, classification } = measures;
  const metrics: Record<string, number | undefined> = {
    generator_loss: measures.generatorLoss,
    discriminator_loss: measures.discriminatorLoss,
    real_scores: measures.realScore,
    fake_scores: measures.fakeScore,
    wasserstein_estimate: measures.wassersteinEstimate,
    gradient_penalty: measures.gradientPenalty,
    gradient_norm: measures.slope,
    discriminator_accuracy: measures.accuracy,
    adversarial_loss: measures.adversarialLoss,
    cross_entropy: measures.crossEntropy,
    information_loss: featureMatch === undefined ? undefined : informationWeight * featureMatch,
    classification_loss: classification === undefined ? undefined : targetWeight * classification,
    classifier_loss: measures.classifierLoss,
    generator_gradient_norm: norms.generator.gradient,
    critic_gradient_norm: norms.critic.gradient,
    generator_update_ratio: norms.generator.updateRatio,
    critic_update_ratio: norms.critic.updateRatio,
    data_ms: milliseconds.data,
    critic_ms: milliseconds.critic,
    generator_ms: milliseconds.generator,
  };
  return Object.fromEntries(
    Object.entries(metrics).filter((entry): entry is [string, number] => entry[1] !== undefined),
  );
}

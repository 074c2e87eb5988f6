import * as tf from '@tensorflow/tfjs';
import { conditionWidth, TrainingConditions } from '../../data/conditions';
import type { ConditionBatch } from '../../data/conditions';
import { denseConditions, denseRows } from '../../data/dense-rows';
import { Random } from '../../random/random';
import { Adam } from '../adam';
import type { GanPlan, ModelState, StepMetrics, TrainableModel } from '../engine';
import type { TrainingRows } from '../gan-shape';
import { rateFactor } from '../learning-rates';
import { buildClassifier, classifierMasks, targetEntropy } from './gan-classifier';
import { buildCritic, criticScores, dropoutMasks, pack } from './gan-critic';
import { buildGenerator, generatorLogits, moveStatistics } from './gan-generator';
import { applyHeads, conditionEntropy, gumbelNoise } from './gan-heads';
import { adversarialLoss, criticLoss, informationLoss } from './gan-losses';
import type { LossParts } from './gan-losses';
import { beside, scalarOf } from './operations';
import { countOf, download, normOf, stateArray, upload } from './parameters';
import type { Parameter } from './parameters';

/** What the running mean of the generator is called in a state. */
export const averageOf = (name: string) => `average.${name}`;

/** A GAN of two multi-layer perceptrons, by automatic differentiation. */
export class TensorflowGan implements TrainableModel {
  readonly parameters: Record<string, number>;
  private readonly generator: Parameter[];
  private readonly statistics: Parameter[];
  private readonly critic: Parameter[];
  /** The network of the target loss; empty where there is none. */
  private readonly classifier: Parameter[];
  /** Running mean of the generator's parameters and statistics, in this order. */
  private readonly average: Parameter[];
  private readonly generatorOptimiser: Adam;
  private readonly criticOptimiser: Adam;
  private readonly classifierOptimiser: Adam;
  private readonly conditions: TrainingConditions;
  private readonly conditionWidth: number;

  constructor(
    private readonly plan: GanPlan,
    private readonly rows: TrainingRows,
    private readonly seed: number,
  ) {
    const { shape, training } = plan;
    const generator = buildGenerator(shape, Random.of(seed, 'generator'));
    this.generator = generator.parameters;
    this.statistics = generator.statistics;
    this.critic = buildCritic(shape, Random.of(seed, 'critic'));
    this.classifier = buildClassifier(shape, Random.of(seed, 'classifier'));
    this.average = [...this.generator, ...this.statistics].map((parameter) => ({
      ...parameter,
      name: averageOf(parameter.name),
      values: parameter.values.slice(),
    }));
    this.generatorOptimiser = optimiserOf(this.generator, plan, training.generatorLearningRate);
    this.criticOptimiser = optimiserOf(this.critic, plan, training.criticLearningRate);
    this.classifierOptimiser = optimiserOf(this.classifier, plan, training.criticLearningRate);
    this.conditions = new TrainingConditions(rows, shape.layout);
    this.conditionWidth = conditionWidth(shape.layout);
    this.parameters = {
      generator: countOf(this.generator),
      critic: countOf(this.critic),
      ...(shape.classifier && { classifier: countOf(this.classifier) }),
    };
  }

  step({ step, totalSteps }: { step: number; totalSteps: number }): StepMetrics {
    const { criticSteps, schedule } = this.plan.training;
    const random = Random.of(this.seed, 'step', step);
    const factor = rateFactor(schedule, { step, totalSteps });
    const critic = Array.from({ length: criticSteps }, () => this.criticStep(random, factor));
    const classifier = this.plan.shape.classifier ? this.classifierStep(random, factor) : {};
    const generator = this.generatorStep(random, factor);
    this.moveAverage();
    const names = Object.keys(critic[0] ?? {});
    const mean = (name: string) => critic.reduce((sum, parts) => sum + (parts[name] ?? Number.NaN), 0) / criticSteps;
    return { ...Object.fromEntries(names.map((name) => [name, mean(name)])), ...classifier, ...generator };
  }

  /** Updates the critic once; of the generator only the running statistics move, as in every pass in training. */
  criticStep(random: Random, factor = 1): LossParts {
    const { shape, training } = this.plan;
    const given = this.conditions.draw(training.batchSize, random);
    // Real rows meet the same conditions in another order, so that no group is the twin of another.
    const real = reorder(given, random.permutation(training.batchSize));
    const groups = training.batchSize / shape.critic.pac;
    const masks = () => dropoutMasks(shape, groups, random);
    let parts: LossParts = {};
    let gradients: Float32Array[] = [];
    tf.tidy(() => {
      const generator = upload(this.generator);
      const conditions = this.conditionTensor(given);
      const { rows: fake } = this.generate(generator, conditions, random);
      const input = {
        fake: this.packed(fake, conditions),
        real: this.packed(this.realTensor(real), this.conditionTensor(real)),
        mix: tf.tensor2d(random.fillUniform(new Float32Array(groups), 0, 1), [groups, 1]),
        masks: { real: masks(), fake: masks(), mixed: masks() },
      };
      const lossOf = (...critic: tf.Tensor[]) => criticLoss(this.plan, critic, input, (told) => (parts = told));
      gradients = tf.valueAndGrads(lossOf)(upload(this.critic)).grads.map(download);
    });
    this.criticOptimiser.update(gradients, factor);
    return { ...parts, critic_gradient_norm: normOf(gradients) };
  }

  /** Updates the classifier of the target loss once, on real rows. */
  private classifierStep(random: Random, factor: number): LossParts {
    const { shape, training } = this.plan;
    if (!shape.classifier) throw new RangeError('a GAN without a classifier has none to update');
    const given = this.conditions.draw(training.batchSize, random);
    const masks = classifierMasks(shape.classifier, training.batchSize, random);
    let loss = Number.NaN;
    let gradients: Float32Array[] = [];
    tf.tidy(() => {
      const rows = this.realTensor(given);
      const lossOf = (...classifier: tf.Tensor[]) => targetEntropy(shape, classifier, rows, masks);
      const { value, grads } = tf.valueAndGrads(lossOf)(upload(this.classifier));
      loss = scalarOf(value);
      gradients = grads.map(download);
    });
    this.classifierOptimiser.update(gradients, factor);
    return { classifier_loss: loss };
  }

  /** Updates the generator once, against a critic that it reads. */
  generatorStep(random: Random, factor = 1): LossParts {
    const given = this.conditions.draw(this.plan.training.batchSize, random);
    let parts: LossParts = {};
    let gradients: Float32Array[] = [];
    tf.tidy(() => {
      const lossOf = (...generator: tf.Tensor[]) =>
        this.generatorLoss(generator, given, random, (told) => (parts = told));
      gradients = tf.valueAndGrads(lossOf)(upload(this.generator)).grads.map(download);
    });
    this.generatorOptimiser.update(gradients, factor);
    return { ...parts, generator_gradient_norm: normOf(gradients) };
  }

  private generatorLoss(
    generator: readonly tf.Tensor[],
    given: ConditionBatch,
    random: Random,
    onParts: (parts: LossParts) => void,
  ): tf.Scalar {
    const { shape, training } = this.plan;
    const conditions = this.conditionTensor(given);
    const { rows, logits } = this.generate(generator, conditions, random);
    const masks = dropoutMasks(shape, training.batchSize / shape.critic.pac, random);
    const critic = upload(this.critic);
    const packed = this.packed(rows, conditions);
    const adversarial = adversarialLoss(this.plan, criticScores(shape, critic, packed, masks).scores);
    const entropy = conditionEntropy(logits, conditions, shape.layout);
    let loss: tf.Scalar = tf.add(adversarial, entropy);
    const parts: LossParts = { adversarial_loss: scalarOf(adversarial) };
    if (shape.layout.conditions.length > 0) parts['cross_entropy'] = scalarOf(entropy);
    if (training.informationWeight > 0) {
      const real = this.packed(this.realTensor(given), conditions);
      const featuresOf = (input: tf.Tensor2D) => criticScores(shape, critic, input, []).features;
      const information = tf.mul(informationLoss(featuresOf(real), featuresOf(packed)), training.informationWeight);
      parts['information_loss'] = scalarOf(information);
      loss = tf.add(loss, information);
    }
    if (shape.classifier) {
      const entropyOfTarget = targetEntropy(shape, upload(this.classifier), rows, []);
      const classification = tf.mul(entropyOfTarget, shape.classifier.weight);
      parts['classification_loss'] = scalarOf(classification);
      loss = tf.add(loss, classification);
    }
    onParts({ generator_loss: scalarOf(loss), ...parts });
    return loss;
  }

  /** Rows of fresh noise, with the statistics of their own batch, which move the running ones. */
  private generate(generator: readonly tf.Tensor[], conditions: tf.Tensor2D, random: Random) {
    const { shape, training } = this.plan;
    const { batchSize } = training;
    const noise = random.fillNormal(new Float32Array(batchSize * shape.latentDim));
    const gumbel = gumbelNoise(batchSize, shape.layout.width, random);
    const measured: Float32Array[] = [];
    const logits = generatorLogits(
      shape,
      generator,
      beside(tf.tensor2d(noise, [batchSize, shape.latentDim]), conditions),
      {
        statistics: 'batch',
        onBatch: (mean, variance) => measured.push(download(mean), download(variance)),
      },
    );
    moveStatistics(this.statistics, measured, batchSize);
    const { layout, generator: settings } = shape;
    const gumbelTensor = tf.tensor2d(gumbel, [batchSize, layout.width]);
    return { logits, rows: applyHeads(logits, gumbelTensor, layout, settings.gumbelTemperature) };
  }

  private realTensor({ rows }: ConditionBatch): tf.Tensor2D {
    const { layout } = this.plan.shape;
    return tf.tensor2d(denseRows(layout, this.rows, rows), [rows.length, layout.width]);
  }

  private conditionTensor({ places }: ConditionBatch): tf.Tensor2D {
    return tf.tensor2d(denseConditions(places, this.conditionWidth), [places.length, this.conditionWidth]);
  }

  private packed(rows: tf.Tensor2D, conditions: tf.Tensor2D): tf.Tensor2D {
    return pack(beside(rows, conditions), this.plan.shape.critic.pac);
  }

  /** A running mean that forgets its beginning: while few steps are done, it keeps less of the past. */
  private moveAverage(): void {
    const done = this.generatorOptimiser.steps;
    const kept = Math.min(this.plan.training.generatorAverage, done / (done + 10));
    [...this.generator, ...this.statistics].forEach(({ values }, index) => {
      const average = this.average[index]?.values ?? values;
      for (let i = 0; i < values.length; i++) {
        average[i] = kept * (average[i] as number) + (1 - kept) * (values[i] as number);
      }
    });
  }

  getState(): ModelState {
    return {
      ...Object.fromEntries(this.arrays().map(([name, array]) => [name, array.slice()])),
      'generator.updates': Float32Array.of(this.generatorOptimiser.steps),
      'critic.updates': Float32Array.of(this.criticOptimiser.steps),
      ...(this.plan.shape.classifier && {
        'classifier.updates': Float32Array.of(this.classifierOptimiser.steps),
      }),
    };
  }

  setState(state: ModelState): void {
    for (const [name, array] of this.arrays()) array.set(stateArray(state, name, array.length));
    this.generatorOptimiser.steps = stateArray(state, 'generator.updates', 1)[0] ?? 0;
    this.criticOptimiser.steps = stateArray(state, 'critic.updates', 1)[0] ?? 0;
    if (!this.plan.shape.classifier) return;
    this.classifierOptimiser.steps = stateArray(state, 'classifier.updates', 1)[0] ?? 0;
  }

  private arrays(): [string, Float32Array][] {
    const own = [...this.generator, ...this.statistics, ...this.critic, ...this.classifier, ...this.average];
    return [
      ...own.map(({ name, values }): [string, Float32Array] => [name, values]),
      ...momentArrays(this.generator, this.generatorOptimiser),
      ...momentArrays(this.critic, this.criticOptimiser),
      ...momentArrays(this.classifier, this.classifierOptimiser),
    ];
  }
}

function optimiserOf(parameters: readonly Parameter[], { training }: GanPlan, learningRate: number): Adam {
  const { beta1, beta2, weightDecay } = training;
  const arrays = parameters.map(({ values }) => values);
  return new Adam(arrays, { learningRate, beta1, beta2, weightDecay });
}

export function momentArrays(parameters: readonly Parameter[], optimiser: Adam): [string, Float32Array][] {
  return parameters.flatMap(({ name }, index): [string, Float32Array][] => [
    [`${name}.first_moment`, optimiser.firstMoments[index] ?? new Float32Array()],
    [`${name}.second_moment`, optimiser.secondMoments[index] ?? new Float32Array()],
  ]);
}

function reorder({ places, rows }: ConditionBatch, order: Uint32Array): ConditionBatch {
  return {
    places: Int32Array.from(order, (from) => places[from] ?? -1),
    rows: Uint32Array.from(order, (from) => rows[from] ?? 0),
  };
}

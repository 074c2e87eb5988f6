import * as tf from '@tensorflow/tfjs';
import { denseRows } from '../../data/dense-rows';
import { Random } from '../../random/random';
import { Adam } from '../adam';
import type { ModelState, Sampler, StepMetrics, TrainableModel, TvaePlan } from '../engine';
import type { EncodedRows, RowLayout, TrainingRows } from '../gan-shape';
import { rateFactor } from '../learning-rates';
import { momentArrays } from './gan';
import { drawRows } from './gan-sampler';
import { columnParts, linear, scalarOf } from './operations';
import { countOf, download, linearParameters, normOf, stateArray, upload, vectorParameter } from './parameters';
import type { Parameter } from './parameters';

/** Adam as Kingma and Ba 2015 set it. */
const betas = { beta1: 0.9, beta2: 0.999 };
/** Standard deviation of each decoded number: at first, and its bounds. */
const firstSigma = 0.1;
const sigmaBounds = { low: 0.01, high: 1 };

export function buildEncoder({ layout, encoderLayers, latentDim }: TvaePlan, random: Random): Parameter[] {
  const hidden = layersOf('encoder', layout.width, encoderLayers, random);
  const last = encoderLayers.at(-1) ?? layout.width;
  return [
    ...hidden,
    ...linearParameters('encoder.mean', last, latentDim, random),
    ...linearParameters('encoder.log_variance', last, latentDim, random),
  ];
}

/** The decoder; its last array is the standard deviation of each number. */
export function buildDecoder({ layout, decoderLayers, latentDim }: TvaePlan, random: Random): Parameter[] {
  const last = decoderLayers.at(-1) ?? latentDim;
  return [
    ...layersOf('decoder', latentDim, decoderLayers, random),
    ...linearParameters(`decoder.${decoderLayers.length}`, last, layout.width, random),
    vectorParameter('decoder.sigma', numberCount(layout), firstSigma),
  ];
}

function layersOf(name: string, inputs: number, layers: readonly number[], random: Random): Parameter[] {
  return layers.flatMap((units, index) =>
    linearParameters(`${name}.${index}`, layers[index - 1] ?? inputs, units, random),
  );
}

function numberCount({ spans }: RowLayout): number {
  return spans.filter(({ kind }) => kind === 'number').length;
}

/** Hidden layers with ReLU; gives what comes out of them and the parameters that are left. */
function hiddenLayers(parameters: readonly tf.Tensor[], layers: number, input: tf.Tensor2D) {
  let current = input;
  for (let index = 0; index < layers; index++) {
    current = tf.relu(linear(current, tensorAt(parameters, 2 * index), tensorAt(parameters, 2 * index + 1)));
  }
  return { hidden: current, rest: parameters.slice(2 * layers) };
}

function tensorAt(tensors: readonly tf.Tensor[], index: number): tf.Tensor {
  const tensor = tensors[index];
  if (!tensor) throw new RangeError(`a network has no parameter ${index}`);
  return tensor;
}

/** TVAE (Xu et al. 2019, section 4.5): a variational autoencoder (Kingma and Welling 2014) on encoded tables. */
export class TensorflowTvae implements TrainableModel {
  readonly parameters: Record<string, number>;
  private readonly encoder: Parameter[];
  private readonly decoder: Parameter[];
  private readonly optimiser: Adam;

  constructor(
    private readonly plan: TvaePlan,
    private readonly rows: TrainingRows,
    private readonly seed: number,
  ) {
    this.encoder = buildEncoder(plan, Random.of(seed, 'encoder'));
    this.decoder = buildDecoder(plan, Random.of(seed, 'decoder'));
    const arrays = this.all().map(({ values }) => values);
    const { learningRate, weightDecay } = plan;
    this.optimiser = new Adam(arrays, { ...betas, learningRate, weightDecay });
    this.parameters = { encoder: countOf(this.encoder), decoder: countOf(this.decoder) };
  }

  step({ step, totalSteps }: { step: number; totalSteps: number }): StepMetrics {
    const { batchSize, layout, latentDim } = this.plan;
    const random = Random.of(this.seed, 'step', step);
    const chosen = Uint32Array.from({ length: batchSize }, () => random.integer(this.rows.rowCount));
    const noise = random.fillNormal(new Float32Array(batchSize * latentDim));
    let metrics: StepMetrics = {};
    let gradients: Float32Array[] = [];
    tf.tidy(() => {
      const batch = tf.tensor2d(denseRows(layout, this.rows, chosen), [batchSize, layout.width]);
      const lossOf = (...given: tf.Tensor[]) =>
        this.loss(given, { batch, noise: tf.tensor2d(noise, [batchSize, latentDim]) }, (told) => (metrics = told));
      // A table without numbers has no deviations, and TensorFlow.js no gradient for what the loss does not use.
      const used = this.all().filter(({ values }) => values.length > 0);
      const found = tf.valueAndGrads(lossOf)(upload(used)).grads.map(download);
      gradients = this.all().map(({ values }) => (values.length > 0 ? found.shift() : undefined) ?? new Float32Array());
    });
    this.optimiser.update(gradients, rateFactor(this.plan.schedule, { step, totalSteps }));
    this.boundSigma();
    return { ...metrics, gradient_norm: normOf(gradients) };
  }

  /** The evidence lower bound, negated, with the reconstruction weighted; mean over the rows. */
  private loss(
    given: readonly tf.Tensor[],
    { batch, noise }: { batch: tf.Tensor2D; noise: tf.Tensor2D },
    onParts: (parts: StepMetrics) => void,
  ): tf.Scalar {
    const { hidden, rest } = hiddenLayers(given, this.plan.encoderLayers.length, batch);
    const mean = linear(hidden, tensorAt(rest, 0), tensorAt(rest, 1));
    const logVariance = linear(hidden, tensorAt(rest, 2), tensorAt(rest, 3));
    const latent: tf.Tensor2D = tf.add(mean, tf.mul(noise, tf.exp(tf.mul(logVariance, 0.5))));
    const decoder = rest.slice(4);
    const logits = decode(this.plan, decoder, latent);
    const sigma = numberCount(this.plan.layout) > 0 ? (decoder.at(-1) as tf.Tensor1D) : undefined;
    const rows = batch.shape[0];
    const reconstruction = tf.mul(
      tf.div(reconstructionLoss(this.plan.layout, logits, batch, sigma), rows),
      this.plan.reconstructionWeight,
    );
    const spread = tf.sub(tf.add(tf.square(mean), tf.exp(logVariance)), tf.add(logVariance, 1));
    const divergence = tf.div(tf.sum(spread), 2 * rows);
    const loss: tf.Scalar = tf.add(reconstruction, divergence);
    onParts({
      loss: scalarOf(loss),
      reconstruction_loss: scalarOf(reconstruction),
      kl_divergence: scalarOf(divergence),
    });
    return loss;
  }

  private boundSigma(): void {
    const sigma = this.decoder.at(-1)?.values;
    sigma?.forEach((value, index) => {
      sigma[index] = Math.min(sigmaBounds.high, Math.max(sigmaBounds.low, value));
    });
  }

  private all(): Parameter[] {
    return [...this.encoder, ...this.decoder];
  }

  getState(): ModelState {
    return {
      ...Object.fromEntries(this.arrays().map(([name, array]) => [name, array.slice()])),
      updates: Float32Array.of(this.optimiser.steps),
    };
  }

  setState(state: ModelState): void {
    for (const [name, array] of this.arrays()) array.set(stateArray(state, name, array.length));
    this.optimiser.steps = stateArray(state, 'updates', 1)[0] ?? 0;
  }

  private arrays(): [string, Float32Array][] {
    const own = this.all();
    return [
      ...own.map(({ name, values }): [string, Float32Array] => [name, values]),
      ...momentArrays(own, this.optimiser),
    ];
  }
}

/** @returns logits `[rows, layout.width]` */
function decode({ decoderLayers }: TvaePlan, decoder: readonly tf.Tensor[], latent: tf.Tensor2D): tf.Tensor2D {
  const { hidden, rest } = hiddenLayers(decoder, decoderLayers.length, latent);
  return linear(hidden, tensorAt(rest, 0), tensorAt(rest, 1));
}

/** Minus the log-likelihood of a batch: numbers are normal around their tanh, choices categorical. A sum over rows. */
function reconstructionLoss(
  { spans }: RowLayout,
  logits: tf.Tensor2D,
  batch: tf.Tensor2D,
  sigma: tf.Tensor1D | undefined,
): tf.Tensor {
  const widths = spans.map((span) => (span.kind === 'number' ? 1 : span.width));
  const [decoded, real] = [columnParts(logits, widths), columnParts(batch, widths)];
  const sigmas = sigma ? columnParts(tf.reshape(sigma, [1, -1]), Array<number>(sigma.shape[0]).fill(1)) : [];
  let number = 0;
  const parts = spans.map(({ kind }, index) => {
    const [logit, target] = [tensorAt(decoded, index), tensorAt(real, index)];
    if (kind === 'choice') return tf.neg(tf.sum(tf.mul(target, tf.logSoftmax(logit))));
    const own = tensorAt(sigmas, number++);
    const distance = tf.square(tf.div(tf.sub(target, tf.tanh(logit)), own));
    return tf.sum(tf.add(tf.mul(distance, 0.5), tf.log(own)));
  });
  return tf.addN(parts);
}

/** Rows of a trained decoder, with the noise that it learned for each number. */
export function tvaeSampler(plan: TvaePlan, state: ModelState): Sampler<EncodedRows> {
  const decoder = buildDecoder(plan, Random.of(0, 'decoder'));
  for (const { name, values } of decoder) values.set(stateArray(state, name, values.length));
  const sigma = decoder.at(-1)?.values ?? new Float32Array();
  return {
    sample: (rows, random) => {
      const latent = random.fillNormal(new Float32Array(rows * plan.latentDim));
      const logits = tf.tidy(() =>
        download(decode(plan, upload(decoder), tf.tensor2d(latent, [rows, plan.latentDim]))),
      );
      const drawn = drawRows(plan.layout, logits, random);
      const noise = random.fillNormal(new Float32Array(drawn.numbers.length));
      drawn.numbers.forEach((value, index) => {
        const noisy = value + (sigma[index % sigma.length] ?? 0) * (noise[index] ?? 0);
        drawn.numbers[index] = Math.min(1, Math.max(-1, noisy));
      });
      return drawn;
    },
  };
}

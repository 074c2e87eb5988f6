import * as tf from '@tensorflow/tfjs';
import type { WindowLayout } from '../../../data/series/windows';
import type { RowLayout } from '../../../engine/gan-shape';
import { beside, leakyRelu, linear, product } from '../../../engine/tensorflow/operations';
import { linearParameters } from '../../../engine/tensorflow/parameters';
import type { Parameter } from '../../../engine/tensorflow/parameters';
import type { Random } from '../../../random/random';
import { buildNetwork, leakySlope } from '../../wgan-gp/network';
import type { Network } from '../../wgan-gp/network';
import type { DoppelgangerConfig } from './config';

export interface DoppelgangerShape {
  layout: WindowLayout;
  config: DoppelgangerConfig;
}

/** Rows that the LSTM emits at a step, and its steps; what the last one has too many is cut off. */
export function emissionOf({ layout, config }: DoppelgangerShape): { rows: number; steps: number } {
  const rows = Math.min(layout.length, config.rows_per_emission || Math.ceil(layout.length / 8));
  return { rows, steps: Math.ceil(layout.length / rows) };
}

/** Numbers that say how far and where each component of the features moves within a window. */
function scaleLayout({ scales }: WindowLayout): RowLayout {
  const spans = Array.from({ length: scales }, (_, start) => ({ kind: 'number' as const, start }));
  return { width: scales, spans, conditions: [] };
}

/**
 * The generator (Lin et al. 2020, section 4): attributes from noise, ranges from noise and attributes, rows from an LSTM
 * that sees both at each step. Hidden layers are LeakyReLU without batch norm, so that a window does not depend on the
 * others of its batch.
 */
export function buildGenerator(shape: DoppelgangerShape, random: Random): Parameter[] {
  const { layout, config } = shape;
  const { latent_dim: noise, lstm_units: units } = config;
  const static_ = layout.attributes.width + layout.scales;
  const perceptron = (name: string, inputs: number, outputs: number) =>
    outputs === 0
      ? []
      : [...config.attribute_layers, outputs].flatMap((size, index) =>
          linearParameters(`${name}.${index}`, config.attribute_layers[index - 1] ?? inputs, size, random),
        );
  const { rows } = emissionOf(shape);
  return [
    ...perceptron('attributes', noise, layout.attributes.width),
    ...perceptron('scales', noise + layout.attributes.width, layout.scales),
    ...lstmParameters(noise + units, static_, units, random),
    ...linearParameters('emission', units, rows * layout.features.width, random),
  ];
}

/** Gates in the order input, forget, candidate, output; the forget gate begins open (Jozefowicz et al. 2015). */
function lstmParameters(inputs: number, static_: number, units: number, random: Random): Parameter[] {
  const limit = 1 / Math.sqrt(units);
  const drawn = (length: number) => random.fillUniform(new Float32Array(length), -limit, limit);
  const bias = new Float32Array(4 * units).fill(0).fill(1, units, 2 * units);
  return [
    { name: 'lstm.weight', shape: [inputs, 4 * units], values: drawn(inputs * 4 * units) },
    { name: 'lstm.bias', shape: [4 * units], values: bias },
    // Attributes and ranges are the same at each step: their share of the gates is computed once.
    ...(static_ > 0
      ? [{ name: 'lstm.static', shape: [static_, 4 * units] as [number, number], values: drawn(static_ * 4 * units) }]
      : []),
  ];
}

export function buildCritic(width: number, layers: readonly number[], random: Random): Network {
  return buildNetwork([width, ...layers, 1], random);
}

/** What a batch of windows is made from; all of it is drawn before the pass, so that the pass itself is a function. */
export interface WindowNoise {
  rows: number;
  /** `[rows, latent_dim]` each. */
  attributes: Float32Array;
  scales: Float32Array;
  steps: Float32Array[];
  /** First hidden and cell state, `[rows, lstm_units]`. */
  hidden: Float32Array;
  cell: Float32Array;
  /** Gumbel noise of the choices: of attributes, and of each row of the window. */
  attributeChoices: Float32Array;
  featureChoices: Float32Array[];
}

export function drawNoise(shape: DoppelgangerShape, rows: number, random: Random): WindowNoise {
  const { layout, config } = shape;
  const normal = (width: number) => random.fillNormal(new Float32Array(rows * width));
  const gumbel = (row: RowLayout) => {
    const noise = new Float32Array(rows * row.width);
    if (row.spans.some(({ kind }) => kind === 'choice'))
      for (let i = 0; i < noise.length; i++) noise[i] = random.gumbel();
    return noise;
  };
  const { latent_dim: latent, lstm_units: units } = config;
  return {
    rows,
    attributes: normal(latent),
    scales: normal(latent),
    steps: Array.from({ length: emissionOf(shape).steps }, () => normal(latent)),
    hidden: normal(units),
    cell: normal(units),
    attributeChoices: gumbel(layout.attributes),
    featureChoices: Array.from({ length: layout.length }, () => gumbel(layout.features)),
  };
}

/**
 * Windows of a batch.
 *
 * @param parameters tensors of those that `buildGenerator` gives, in its order
 * @returns `[rows, layout.width]`
 */
export function generateWindows(
  shape: DoppelgangerShape,
  parameters: readonly tf.Tensor[],
  noise: WindowNoise,
): tf.Tensor2D {
  const { layout, config } = shape;
  const { rows } = noise;
  const left = [...parameters];
  const take = () => {
    const next = left.shift();
    if (!next) throw new RangeError('the generator has too few parameters');
    return next;
  };
  const matrix = (values: Float32Array) => tf.tensor2d(values, [rows, values.length / rows]);
  const perceptron = (input: tf.Tensor2D) => {
    let current = input;
    for (let layer = 0; layer <= config.attribute_layers.length; layer++) {
      const output = linear(current, take(), take());
      current = layer < config.attribute_layers.length ? leakyRelu(output, leakySlope) : output;
    }
    return current;
  };
  const heads = (logits: tf.Tensor2D, gumbel: Float32Array, row: RowLayout) =>
    applyHeads(logits, matrix(gumbel), row, config.gumbel_temperature);

  const parts: tf.Tensor2D[] = [];
  if (layout.attributes.width > 0) {
    parts.push(heads(perceptron(matrix(noise.attributes)), noise.attributeChoices, layout.attributes));
  }
  if (layout.scales > 0) {
    const logits = perceptron(beside(matrix(noise.scales), ...parts));
    parts.push(heads(logits, new Float32Array(rows * layout.scales), scaleLayout(layout)));
  }
  return beside(...parts, ...lstmRows(shape, { take, matrix, heads, static_: parts }, noise));
}

interface Pass {
  take: () => tf.Tensor;
  matrix: (values: Float32Array) => tf.Tensor2D;
  heads: (logits: tf.Tensor2D, gumbel: Float32Array, row: RowLayout) => tf.Tensor2D;
  /** Attributes and ranges. */
  static_: tf.Tensor2D[];
}

function lstmRows(shape: DoppelgangerShape, { take, matrix, heads, static_ }: Pass, noise: WindowNoise): tf.Tensor2D[] {
  const { features, length } = shape.layout;
  const emission = emissionOf(shape);
  const [weight, bias] = [take() as tf.Tensor2D, take()];
  const fixed: tf.Tensor = static_.length > 0 ? tf.add(product(beside(...static_), take() as tf.Tensor2D), bias) : bias;
  const [outWeight, outBias] = [take(), take()];
  let [hidden, cell] = [matrix(noise.hidden), matrix(noise.cell)];
  const made: tf.Tensor2D[] = [];
  noise.steps.forEach((step, index) => {
    const gates: tf.Tensor2D = tf.add(product(beside(matrix(step), hidden), weight), fixed);
    const [input, forget, candidate, output] = tf.split(gates, 4, 1) as [
      tf.Tensor2D,
      tf.Tensor2D,
      tf.Tensor2D,
      tf.Tensor2D,
    ];
    cell = tf.add(tf.mul(tf.sigmoid(forget), cell), tf.mul(tf.sigmoid(input), tf.tanh(candidate)));
    hidden = tf.mul(tf.sigmoid(output), tf.tanh(cell));
    const emitted = linear(hidden, outWeight, outBias);
    const count = Math.min(emission.rows, length - index * emission.rows);
    made.push(...emittedRows(emitted, { features, heads, count }, noise.featureChoices.slice(index * emission.rows)));
  });
  return made;
}

/** The rows that one step of the LSTM has emitted side by side. */
function emittedRows(
  emitted: tf.Tensor2D,
  { features, heads, count }: { features: RowLayout; heads: Pass['heads']; count: number },
  gumbel: readonly Float32Array[],
): tf.Tensor2D[] {
  // Without choices, all rows go through tanh at once.
  if (features.spans.every(({ kind }) => kind === 'number')) {
    return [tf.tanh(tf.slice2d(emitted, [0, 0], [-1, count * features.width]))];
  }
  return Array.from({ length: count }, (_, index) => {
    const row = tf.slice2d(emitted, [0, index * features.width], [-1, features.width]);
    return heads(row, gumbel[index] ?? new Float32Array(row.size), features);
  });
}

/** Tanh for numbers, which stand first, and soft Gumbel softmax (Jang et al. 2017) for choices. */
function applyHeads(logits: tf.Tensor2D, gumbel: tf.Tensor2D, { spans }: RowLayout, temperature: number): tf.Tensor2D {
  const numbers = spans.filter(({ kind }) => kind === 'number').length;
  const parts = numbers > 0 ? [tf.tanh(tf.slice2d(logits, [0, 0], [-1, numbers]))] : [];
  for (const span of spans) {
    if (span.kind === 'number') continue;
    const of = (matrix: tf.Tensor2D) => tf.slice2d(matrix, [0, span.start], [-1, span.width]);
    parts.push(tf.softmax(tf.div(tf.add(of(logits), of(gumbel)), temperature)));
  }
  return beside(...parts);
}

// The same losses as functions of TensorFlow.js, whose automatic gradients are what the fused ones are held against.
import * as tf from '@tensorflow/tfjs';
import { criticBlocks } from '../critic-forward';
import type { Core, NetworkMemory } from '../core';
import { readArray } from '../parameters';

export type Variables = Record<string, tf.Variable>;

export function variablesOf(core: Core, { parameters, weights }: NetworkMemory): Variables {
  const base = core.runtime.floatsAt(weights, parameters.size);
  return Object.fromEntries(
    parameters.arrays.map((array) => [array.name, tf.variable(tf.tensor(readArray(base, array), array.shape))]),
  );
}

export function gradientsOf(core: Core, { parameters, gradients }: NetworkMemory): Record<string, Float32Array> {
  const base = core.runtime.floatsAt(gradients, parameters.size);
  return Object.fromEntries(parameters.arrays.map((array) => [array.name, readArray(base, array)]));
}

/** `[rows, columns]` out of a padded matrix. */
function matrix(core: Core, address: number, rows: number, { columns, stride }: { columns: number; stride: number }) {
  const values = Array.from({ length: rows }, (_, i) =>
    Array.from(core.runtime.floatsAt(address + 4 * i * stride, columns)),
  );
  return tf.tensor2d(values);
}

/** What the engine drew for this update, as tensors. */
export function drawnOf(core: Core) {
  const { settings, shape, generatorNetwork, generatorBuffers: buffers, criticBuffers } = core;
  const rows = settings.batchSize;
  const { inputStride, noiseColumn, rowWidth, categories } = generatorNetwork;
  const oneHot = (address: number) =>
    tf.tensor2d(
      Array.from(core.runtime.integersAt(address, rows), (category) =>
        Array.from({ length: categories }, (_, k) => Number(k === category)),
      ),
      [rows, categories],
    );
  return {
    noise: matrix(core, buffers.inputs + 4 * noiseColumn, rows, { columns: shape.latentDim, stride: inputStride }),
    gumbel: matrix(core, buffers.gumbel, rows, { columns: shape.layout.width, stride: rowWidth }),
    conditions: categories > 0 ? oneHot(buffers.conditions) : undefined,
    realConditions: categories > 0 ? oneHot(criticBuffers.conditions) : undefined,
    mixes: tf.tensor2d(core.runtime.floatsAt(criticBuffers.mixes, criticBuffers.groups).slice(), [
      criticBuffers.groups,
      1,
    ]),
  };
}

export type Drawn = ReturnType<typeof drawnOf>;

/** The real rows of this update, dense. */
export function realRows(core: Core, rows: { numbers: Float32Array; choices: Uint16Array }): tf.Tensor2D {
  const { spans, width } = core.shape.layout;
  const numbers = spans.filter(({ kind }) => kind === 'number').length;
  const dense = Array.from(core.runtime.integersAt(core.criticBuffers.rows, core.settings.batchSize), (row) => {
    const values = new Array<number>(width).fill(0);
    let number = 0;
    let choice = 0;
    for (const span of spans) {
      if (span.kind === 'number') values[span.start] = rows.numbers[row * numbers + number++] as number;
      else values[span.start + (rows.choices[row * (spans.length - numbers) + choice++] as number)] = 1;
    }
    return values;
  });
  return tf.tensor2d(dense);
}

/** The dropout of each layer for one block of groups, read from the slopes that the engine kept. */
export function masksOf(core: Core, block: number): tf.Tensor2D[] {
  const { groups, slopes } = core.criticBuffers;
  return core.criticNetwork.layers.map(({ width }, index) => {
    const columns = core.shape.critic.layers[index] as number;
    const kept = matrix(core, (slopes[index] as number) + 4 * block * groups * width, groups, {
      ...{ columns, stride: width },
    });
    return tf.mul(tf.notEqual(kept, 0).toFloat(), 1 / (1 - core.shape.critic.dropout));
  });
}

function batchNorm(x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor): tf.Tensor {
  const { mean, variance } = tf.moments(x, 0);
  return tf.add(tf.mul(tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, 1e-5))), gamma), beta);
}

export function generate(core: Core, w: Variables, drawn: Drawn): { logits: tf.Tensor2D; rows: tf.Tensor2D } {
  const { generator, layout } = core.shape;
  const isResidual = generator.kind === 'residual';
  const variable = (name: string) => w[name] as tf.Tensor;
  const join = (parts: (tf.Tensor | undefined)[]) =>
    tf.concat(
      parts.filter((part) => part !== undefined),
      1,
    );
  let x: tf.Tensor = drawn.noise;
  generator.layers.forEach((_, index) => {
    const sees = isResidual || index === 0 ? join([x, drawn.conditions]) : x;
    const pre = tf.matMul(sees, variable(`hidden.${index}.weight`));
    if (isResidual) {
      const out = tf.relu(batchNorm(pre, variable(`hidden.${index}.gamma`), variable(`hidden.${index}.beta`)));
      x = join([out, x]);
    } else {
      x = tf.relu(tf.add(pre, variable(`hidden.${index}.bias`)));
    }
  });
  const seen = isResidual ? join([x, drawn.conditions]) : x;
  const logits = tf.add(tf.matMul(seen, variable('output.weight')), variable('output.bias'));
  const parts = layout.spans.map((span) => {
    const width = span.kind === 'number' ? 1 : span.width;
    const own = tf.slice(logits, [0, span.start], [-1, width]);
    if (span.kind === 'number') return tf.tanh(own);
    const noisy = tf.add(own, tf.slice(drawn.gumbel, [0, span.start], [-1, width]));
    return tf.softmax(tf.div(noisy, generator.gumbelTemperature));
  });
  return { logits: logits as tf.Tensor2D, rows: tf.concat(parts, 1) as tf.Tensor2D };
}

/** Groups as the critic's weights are ordered: all rows of a group, then their conditions. */
export function groupsOf(core: Core, rows: tf.Tensor, conditions: tf.Tensor | undefined): tf.Tensor2D {
  const { groups } = core.criticBuffers;
  const wide = tf.reshape(rows, [groups, -1]);
  return (conditions ? tf.concat([wide, tf.reshape(conditions, [groups, -1])], 1) : wide) as tf.Tensor2D;
}

/** Scores, and the last hidden layer. LeakyReLU as x step(x): TensorFlow.js has no second derivative of its own. */
export function judge(core: Core, w: Variables, input: tf.Tensor, masks: tf.Tensor[]) {
  let x = input;
  core.shape.critic.layers.forEach((_, index) => {
    const pre = tf.add(tf.matMul(x, w[`hidden.${index}.weight`] as tf.Tensor), w[`hidden.${index}.bias`] as tf.Tensor);
    x = tf.mul(tf.mul(pre, tf.step(pre, core.shape.critic.leak)), masks[index] as tf.Tensor);
  });
  const weight = tf.reshape(w['score.weight'] as tf.Tensor, [-1, 1]);
  return { scores: tf.add(tf.matMul(x, weight), w['score.bias'] as tf.Tensor), hidden: x };
}

export function criticLoss(
  core: Core,
  w: Variables,
  fake: tf.Tensor,
  { real, drawn }: { real: tf.Tensor; drawn: Drawn },
) {
  const { settings, shape } = core;
  const blocks = criticBlocks(core.criticNetwork, 1);
  const fakeGroups = groupsOf(core, fake, drawn.conditions);
  const realGroups = groupsOf(core, real, drawn.realConditions);
  const ofFake = judge(core, w, fakeGroups, masksOf(core, 0)).scores;
  const ofReal = judge(core, w, realGroups, masksOf(core, blocks.real)).scores;
  if (shape.loss === 'non_saturating') {
    const target = settings.realTarget;
    const real = tf.add(tf.mul(target, tf.softplus(tf.neg(ofReal))), tf.mul(1 - target, tf.softplus(ofReal)));
    return tf.add(tf.mean(real), tf.mean(tf.softplus(ofFake)));
  }
  const between = tf.add(tf.mul(drawn.mixes, realGroups), tf.mul(tf.sub(1, drawn.mixes), fakeGroups));
  const masks = masksOf(core, 1);
  const slopes = tf.grad((x) => tf.sum(judge(core, w, x, masks).scores))(between);
  const norms = tf.sqrt(tf.add(tf.sum(tf.square(slopes), 1), 1e-12));
  const penalty = tf.mul(tf.mean(tf.square(tf.sub(norms, 1))), settings.gradientPenaltyWeight);
  return tf.add(penalty, tf.sub(tf.mean(ofFake), tf.mean(ofReal)));
}

/** The dropout of the classifier's layers, read from the slopes that the engine kept. */
function classifierMasksOf(core: Core): tf.Tensor2D[] {
  const { classifier } = core;
  if (!classifier) throw new Error('the core has no classifier');
  const { network, buffers } = classifier;
  return network.layers.map(({ width }, index) => {
    const columns = network.classifier.layers[index] as number;
    const kept = matrix(core, buffers.slopes[index] as number, buffers.rows, { columns, stride: width });
    return tf.mul(tf.notEqual(kept, 0).toFloat(), 1 / (1 - network.classifier.dropout));
  });
}

/** Cross-entropy of the classifier on rows, of which it does not see the column that its target belongs to. */
export function classifierLoss(core: Core, w: Variables, rows: tf.Tensor2D, hasDropout: boolean): tf.Tensor {
  const { classifier: told, layout, critic } = core.shape;
  if (!told) throw new Error('the shape has no classifier');
  const parts = layout.spans.map((span, index) => {
    const own = tf.slice(rows, [0, span.start], [-1, span.kind === 'number' ? 1 : span.width]);
    return told.column.includes(index) ? tf.zerosLike(own) : own;
  });
  const span = layout.spans[told.target];
  if (span?.kind !== 'choice') throw new Error('the target is not a choice');
  // Read and written again, so that no gradient comes through it.
  const target = tf.tensor2d(tf.slice(rows, [0, span.start], [-1, span.width]).arraySync());
  const masks = hasDropout ? classifierMasksOf(core) : [];
  let x: tf.Tensor = tf.concat(parts, 1);
  told.layers.forEach((_, index) => {
    const pre = tf.add(tf.matMul(x, w[`hidden.${index}.weight`] as tf.Tensor), w[`hidden.${index}.bias`] as tf.Tensor);
    x = tf.mul(pre, tf.step(pre, critic.leak));
    const mask = masks[index];
    if (mask) x = tf.mul(x, mask);
  });
  const logits = tf.add(tf.matMul(x, w['output.weight'] as tf.Tensor), w['output.bias'] as tf.Tensor);
  return tf.neg(tf.mean(tf.sum(tf.mul(target, tf.logSoftmax(logits)), 1)));
}

export function generatorLoss(
  core: Core,
  { generator, critic }: { generator: Variables; critic: Variables },
  { real, drawn }: { real: tf.Tensor | undefined; drawn: Drawn },
) {
  const { settings, shape } = core;
  const { logits, rows } = generate(core, generator, drawn);
  const { scores, hidden } = judge(core, critic, groupsOf(core, rows, drawn.conditions), masksOf(core, 0));
  let loss: tf.Tensor = shape.loss === 'wasserstein' ? tf.neg(tf.mean(scores)) : tf.mean(tf.softplus(tf.neg(scores)));
  if (drawn.conditions) {
    let column = 0;
    for (const index of shape.layout.conditions) {
      const span = shape.layout.spans[index];
      if (span?.kind !== 'choice') throw new Error('a condition is not a choice');
      const own = tf.slice(logits, [0, span.start], [-1, span.width]);
      const wanted = tf.slice(drawn.conditions, [0, column], [-1, span.width]);
      const entropy = tf.neg(tf.sum(tf.mul(tf.logSoftmax(own), wanted)));
      loss = tf.add(loss, tf.mul(entropy, settings.conditionWeight / settings.batchSize));
      column += span.width;
    }
  }
  if (real) {
    const realHidden = judge(core, critic, groupsOf(core, real, drawn.realConditions), masksOf(core, 1)).hidden;
    const gap = (of: (x: tf.Tensor) => tf.Tensor) => tf.mean(tf.abs(tf.sub(of(hidden), of(realHidden))));
    const deviation = (x: tf.Tensor) => tf.sqrt(tf.add(tf.moments(x, 0).variance, 1e-12));
    loss = tf.add(
      loss,
      tf.mul(
        tf.add(
          gap((x) => tf.mean(x, 0)),
          gap(deviation),
        ),
        settings.featureMatchWeight,
      ),
    );
  }
  if (core.classifier && shape.classifier) {
    const classifier = variablesOf(core, core.classifier);
    loss = tf.add(loss, tf.mul(classifierLoss(core, classifier, rows, false), shape.classifier.weight));
  }
  return loss;
}

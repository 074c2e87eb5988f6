/**
 * The step that `trainer.mjs` holds the fused engine against: CTGAN as one would write it in TensorFlow.js, on its
 * WebAssembly backend, with automatic gradients and its own Adam.
 */
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';

const require = createRequire(import.meta.url);

/** LeakyReLU: TensorFlow.js has no second derivative of its own. */
const leaky = (x) => tf.mul(x, tf.step(x, 0.2));

function batchNorm(x, gamma, beta) {
  const { mean, variance } = tf.moments(x, 0);
  return tf.add(tf.mul(tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, 1e-5))), gamma), beta);
}

function createVariables(shape, categories) {
  const { layout, latentDim, generator, critic } = shape;
  const [g1, g2] = generator.layers;
  const [c1, c2] = critic.layers;
  const linear = (inputs, outputs) => tf.variable(tf.randomUniform([inputs, outputs], -1, 1).div(Math.sqrt(inputs)));
  const vector = (length, value) => tf.variable(tf.fill([length], value));
  const input = latentDim + categories;
  return {
    generator: {
      ...{ w1: linear(input, g1), gamma1: vector(g1, 1), beta1: vector(g1, 0) },
      ...{ w2: linear(input + g1, g2), gamma2: vector(g2, 1), beta2: vector(g2, 0) },
      ...{ w3: linear(input + g1 + g2, layout.width), b3: vector(layout.width, 0) },
    },
    critic: {
      ...{ w1: linear(critic.pac * (layout.width + categories), c1), b1: vector(c1, 0) },
      ...{ w2: linear(c1, c2), b2: vector(c2, 0), w3: linear(c2, 1), b3: vector(1, 0) },
    },
  };
}

function logitsOf(w, input) {
  const h1 = tf.relu(batchNorm(tf.matMul(input, w.w1), w.gamma1, w.beta1));
  const x1 = tf.concat([h1, input], 1);
  const h2 = tf.relu(batchNorm(tf.matMul(x1, w.w2), w.gamma2, w.beta2));
  return tf.add(tf.matMul(tf.concat([h2, x1], 1), w.w3), w.b3);
}

function heads({ layout, generator }, logits) {
  const gumbel = tf.neg(tf.log(tf.neg(tf.log(tf.randomUniform(logits.shape, 1e-7, 1)))));
  const parts = layout.spans.map(({ kind, start, width = 1 }) => {
    const own = tf.slice(logits, [0, start], [-1, width]);
    if (kind === 'number') return tf.tanh(own);
    return tf.softmax(tf.div(tf.add(own, tf.slice(gumbel, [0, start], [-1, width])), generator.gumbelTemperature));
  });
  return tf.concat(parts, 1);
}

function scoresOf(w, input, masks) {
  const h1 = tf.mul(leaky(tf.add(tf.matMul(input, w.w1), w.b1)), masks[0]);
  const h2 = tf.mul(leaky(tf.add(tf.matMul(h1, w.w2), w.b2)), masks[1]);
  return tf.add(tf.matMul(h2, w.w3), w.b3);
}

/** Starts the backend. @returns takes one step: an update of the critic, then one of the generator */
export async function createTensorflowStep(shape, settings, { categories, drawBatch }) {
  setWasmPaths(join(dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json')), 'dist') + sep);
  await tf.setBackend('wasm');
  await tf.ready();
  tf.enableProdMode();
  const { generator, critic } = createVariables(shape, categories);
  const { batchSize, gradientPenaltyWeight } = settings;
  const groups = batchSize / shape.critic.pac;
  const optimisers = { generator: adam(settings), critic: adam(settings) };
  const masks = () =>
    shape.critic.layers.map((units) => tf.mul(tf.step(tf.sub(tf.randomUniform([groups, units]), 0.5)), 2));
  const packed = (rows, conditions) => tf.reshape(tf.concat([rows, conditions], 1), [groups, -1]);
  const noise = (conditions) => tf.concat([tf.randomNormal([batchSize, shape.latentDim]), conditions], 1);
  const tensors = () => {
    const { rows, conditions, realConditions } = drawBatch();
    return [rows, conditions, realConditions].map((values) =>
      tf.tensor2d(values, [batchSize, values.length / batchSize]),
    );
  };

  function criticLoss([rows, conditions, realConditions]) {
    const fake = packed(heads(shape, logitsOf(generator, noise(conditions))), conditions);
    const real = packed(rows, realConditions);
    const alpha = tf.randomUniform([groups, 1]);
    const between = tf.add(tf.mul(alpha, real), tf.mul(tf.sub(1, alpha), fake));
    const own = masks();
    return () => {
      const slopes = tf.grad((x) => tf.sum(scoresOf(critic, x, own)))(between);
      const penalty = tf.mean(tf.square(tf.sub(tf.sqrt(tf.sum(tf.square(slopes), 1)), 1)));
      const gap = tf.sub(tf.mean(scoresOf(critic, fake, masks())), tf.mean(scoresOf(critic, real, masks())));
      return tf.add(tf.mul(penalty, gradientPenaltyWeight), gap);
    };
  }

  function generatorLoss([, conditions]) {
    return () => {
      const logits = logitsOf(generator, noise(conditions));
      let loss = tf.neg(tf.mean(scoresOf(critic, packed(heads(shape, logits), conditions), masks())));
      let column = 0;
      for (const { start, width } of shape.layout.conditions.map((index) => shape.layout.spans[index])) {
        const own = tf.logSoftmax(tf.slice(logits, [0, start], [-1, width]));
        const wanted = tf.slice(conditions, [0, column], [-1, width]);
        loss = tf.sub(loss, tf.div(tf.sum(tf.mul(own, wanted)), batchSize));
        column += width;
      }
      return loss;
    };
  }

  return () => {
    tf.tidy(() => void optimisers.critic.minimize(criticLoss(tensors()), false, Object.values(critic)));
    tf.tidy(() => void optimisers.generator.minimize(generatorLoss(tensors()), false, Object.values(generator)));
    // Reading a number waits for what was computed.
    return generator.b3.dataSync()[0];
  };
}

function adam({ generator: { beta1, beta2 } }) {
  return tf.train.adam(2e-4, beta1, beta2, 1e-8);
}

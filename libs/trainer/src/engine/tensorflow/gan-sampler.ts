import * as tf from '@tensorflow/tfjs';
import { conditionWidth } from '../../data/conditions';
import { denseConditions } from '../../data/dense-rows';
import { Random } from '../../random/random';
import type { GanPlan, ModelState, Sampler } from '../engine';
import type { EncodedRows, RowLayout } from '../gan-shape';
import { averageOf } from './gan';
import { buildGenerator, generatorLogits } from './gan-generator';
import { beside } from './operations';
import { download, stateArray, upload } from './parameters';

/**
 * Draws rows with the averaged generator of a state, or with its last weights where averaging is off. Batch norms go
 * by their running statistics, so that a row does not depend on the rows beside it.
 */
export function ganSampler({ shape, training }: GanPlan, state: ModelState): Sampler<EncodedRows> {
  const { parameters, statistics } = buildGenerator(shape, Random.of(0, 'generator'));
  for (const { name, values } of [...parameters, ...statistics]) {
    values.set(stateArray(state, training.generatorAverage > 0 ? averageOf(name) : name, values.length));
  }
  const width = conditionWidth(shape.layout);
  return {
    sample: (rows, random, conditions = new Int32Array(rows).fill(-1)) => {
      const noise = random.fillNormal(new Float32Array(rows * shape.latentDim));
      const logits = tf.tidy(() => {
        const given = tf.tensor2d(denseConditions(conditions, width), [rows, width]);
        const input = beside(tf.tensor2d(noise, [rows, shape.latentDim]), given);
        return download(generatorLogits(shape, upload(parameters), input, { statistics: upload(statistics) }));
      });
      return drawRows(shape.layout, logits, random);
    },
  };
}

/**
 * Sparse rows of the generator's last layer: tanh for numbers; of each choice a slot, drawn by the softmax of its
 * logits.
 *
 * @param logits `[rows, layout.width]`
 */
export function drawRows({ spans, width }: RowLayout, logits: Float32Array, random: Random): EncodedRows {
  const rowCount = logits.length / width;
  const numberSpans = spans.filter(({ kind }) => kind === 'number').length;
  const numbers = new Float32Array(rowCount * numberSpans);
  const choices = new Uint16Array(rowCount * (spans.length - numberSpans));
  let number = 0;
  let choice = 0;
  for (let offset = 0; offset < logits.length; offset += width) {
    for (const span of spans) {
      const first = offset + span.start;
      if (span.kind === 'number') numbers[number++] = Math.tanh(logits[first] as number);
      else choices[choice++] = drawSlot(logits.subarray(first, first + span.width), random);
    }
  }
  return { rowCount, numbers, choices };
}

/** The largest of the logits with Gumbel noise is a draw from their softmax. */
function drawSlot(logits: Float32Array, random: Random): number {
  let best = 0;
  let largest = Number.NEGATIVE_INFINITY;
  for (let slot = 0; slot < logits.length; slot++) {
    const noisy = (logits[slot] as number) + random.gumbel();
    if (noisy > largest) {
      largest = noisy;
      best = slot;
    }
  }
  return best;
}

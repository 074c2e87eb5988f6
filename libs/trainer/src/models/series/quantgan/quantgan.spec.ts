import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { ReturnSource } from '../../../data/series/returns';
import { readSequences } from '../../../data/series/sequence-table';
import { chooseBackend } from '../../../engine/tensorflow-backend';
import { download, upload } from '../../../engine/tensorflow/parameters';
import { Random } from '../../../random/random';
import { column, memoryTable, quantities } from '../../../testing/tables';
import { quantganConfigSchema } from './config';
import { applyTcn, buildTcn, timesFirst } from './networks';
import { receptiveField } from './receptive-field';
import { Quantgan, quantganSampler } from './training';

const shape = { inputs: 2, channels: 3, outputs: 2, blocks: 3 };
const config = quantganConfigSchema.parse({ batch_size: 4, temporal_blocks: 3, channels: 3 });

beforeAll(async () => {
  await chooseBackend();
});

describe('a temporal convolutional network', () => {
  it('sees 127 times with seven blocks', () => {
    expect([2, 3, 7].map(receptiveField)).toEqual([3, 7, 127]);
  });

  it('gives each time what it sees, and nothing of what comes after', () => {
    const rows = 2;
    const parameters = buildTcn(shape, Random.of(1));
    const input = Random.of(2).fillNormal(new Float32Array(10 * rows * 2));
    const apply = (values: Float32Array) =>
      tf.tidy(() => download(applyTcn(shape, upload(parameters), tf.tensor2d(values, [10 * rows, 2]), rows)));
    const plain = apply(input);
    expect(plain).toHaveLength((10 - 6) * rows * 2);
    const changed = input.slice();
    // The last but one time of the second row: its own output and the one after it may change.
    changed[8 * rows * 2 + 2] = 5;
    const other = apply(changed);
    const moved = [...plain.keys()].filter((i) => plain[i] !== other[i]);
    expect(moved).toEqual([2 * rows * 2 + 2, 2 * rows * 2 + 3, 3 * rows * 2 + 2, 3 * rows * 2 + 3]);
  });

  it('has the gradients that finite differences give', () => {
    const rows = 2;
    const parameters = buildTcn(shape, Random.of(3));
    const input = Random.of(4).fillNormal(new Float32Array(9 * rows * 2));
    const weights = Random.of(5).fillNormal(new Float32Array(3 * rows * 2));
    const lossOf = (...given: tf.Tensor[]): tf.Scalar =>
      tf.sum(
        tf.mul(applyTcn(shape, given, tf.tensor2d(input, [9 * rows, 2]), rows), tf.tensor2d(weights, [3 * rows, 2])),
      );
    const valueOf = () => tf.tidy(() => lossOf(...upload(parameters)).dataSync()[0] ?? Number.NaN);
    const gradients = tf.tidy(() => tf.grads(lossOf)(upload(parameters)).map(download));
    for (const [index, { name, values }] of parameters.entries()) {
      const kept = values[0] ?? 0;
      const step = 1e-3;
      values[0] = kept + step;
      const above = valueOf();
      values[0] = kept - step;
      const below = valueOf();
      values[0] = kept;
      const expected = (above - below) / (2 * step);
      expect(Math.abs((gradients[index]?.[0] ?? 0) - expected), name).toBeLessThan(0.03 * Math.abs(expected) + 0.03);
    }
  });

  it('reads batches time by time', () => {
    const values = Float32Array.from({ length: 12 }, (_, i) => i);
    const turned = timesFirst(values, 2, 2);
    expect([...turned]).toEqual([0, 1, 6, 7, 2, 3, 8, 9, 4, 5, 10, 11]);
    expect(timesFirst(turned, 3, 2)).toEqual(values);
  });
});

describe('quantgan under training', () => {
  async function returnsOf() {
    const prices = [...Random.of(7).fillNormal(new Float32Array(80))].map((value) => 100 + value);
    const columns = [column({ name: 'price', type: 'number', role: 'numeric' })];
    const table = await readSequences(memoryTable({ price: quantities(prices) }), columns, 1);
    return new ReturnSource(table, { window: receptiveField(3), length: 10 });
  }

  it('keeps the number of tensors flat and goes on from its state to the bit', async () => {
    const returns = await returnsOf();
    const plan = { width: 1, length: 9, config };
    const run = (model: Quantgan, from: number, to: number) => {
      for (let step = from; step < to; step++) {
        const metrics = model.step({ step, totalSteps: 4 });
        expect(Object.values(metrics).every(Number.isFinite)).toBe(true);
      }
      return model.getState();
    };
    const before = tf.memory().numTensors;
    const whole = run(new Quantgan(plan, returns, 5), 0, 4);
    expect(tf.memory().numTensors).toBe(before);
    const resumed = new Quantgan(plan, returns, 5);
    resumed.setState(run(new Quantgan(plan, returns, 5), 0, 2));
    expect(run(resumed, 2, 4)).toEqual(whole);
  });

  it('makes long paths in parts that fit together', async () => {
    const state = new Quantgan({ width: 1, length: 9, config }, await returnsOf(), 5).getState();
    const draw = (length: number) => quantganSampler({ width: 1, length, config }, state).sample(1, Random.of(9));
    const [long, short] = [draw(5_000), draw(2_000)];
    // Box and Muller make numbers in pairs, and both lengths are even: the noise of the short one begins the long one's.
    short.forEach((value, i) => expect(long[i]).toBeCloseTo(value, 5));
    expect(long.every(Number.isFinite)).toBe(true);
  });
});

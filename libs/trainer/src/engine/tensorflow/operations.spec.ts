import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../random/random';
import { ctganPlan } from '../../models/ctgan/ctgan';
import { encodedSides, smallCtganConfig } from '../../testing/gan-plans';
import type { GanPlan } from '../engine';
import { chooseBackend } from '../tensorflow-backend';
import { buildCritic, dropoutMasks } from './gan-critic';
import { criticLoss } from './gan-losses';
import type { CriticInput } from './gan-losses';
import { columnMeans, leakyRelu, product, softplus } from './operations';
import { download, upload } from './parameters';

beforeAll(async () => {
  await chooseBackend();
});

const random = Random.of(4);
const matrix = (rows: number, columns: number) =>
  tf.tensor2d(random.fillNormal(new Float32Array(rows * columns)), [rows, columns]);

describe('operations that may stand in a penalised critic', () => {
  it('multiply as matMul does, with the same gradients', () => {
    const [a, b] = [matrix(3, 4), matrix(4, 2)];
    const gradients = (multiply: typeof product) =>
      tf
        .grads((x, y) => tf.sum(tf.square(multiply(x as tf.Tensor2D, y as tf.Tensor2D))))([a, b])
        .map(download);
    const [ours, theirs] = [gradients(product), gradients((x, y) => tf.matMul(x, y))];
    ours.forEach((array, index) => {
      array.forEach((value, i) => expect(value).toBeCloseTo(theirs[index]?.[i] ?? Number.NaN, 4));
    });
  });

  it('have the values that their names say', () => {
    expect([...download(leakyRelu(tf.tensor2d([[-2, 0, 3]]), 0.2))]).toEqual([Math.fround(-0.4), 0, 3]);
    expect([
      ...download(
        columnMeans(
          tf.tensor2d([
            [1, 2],
            [3, 6],
          ]),
        ),
      ),
    ]).toEqual([2, 4]);
    const soft = download(softplus(tf.tensor1d([-100, 0, 100])));
    [0, Math.log(2), 100].forEach((value, i) => expect(soft[i]).toBeCloseTo(value, 5));
  });
});

describe('the gradient of the penalised critic', () => {
  it('equals differences of its loss', async () => {
    const { sparse } = await encodedSides(100);
    const plan: GanPlan = ctganPlan(sparse.layout, smallCtganConfig({ pac: 2, batch_size: 12 }));
    const critic = buildCritic(plan.shape, random);
    const groups = 6;
    const width = critic[0]?.shape[0] ?? 0;
    const masks = () => dropoutMasks(plan.shape, groups, random);
    const input: CriticInput = {
      real: matrix(groups, width),
      fake: matrix(groups, width),
      mix: tf.tensor2d(random.fillUniform(new Float32Array(groups), 0, 1), [groups, 1]),
      masks: { real: masks(), fake: masks(), mixed: masks() },
    };
    const lossOf = (...given: tf.Tensor[]) => criticLoss(plan, given, input, () => undefined);
    const { grads } = tf.valueAndGrads(lossOf)(upload(critic));
    const loss = () => tf.tidy(() => lossOf(...upload(critic)).dataSync()[0] ?? Number.NaN);
    critic.forEach(({ values }, array) => {
      const gradient = download(grads[array] as tf.Tensor);
      for (let check = 0; check < 5; check++) {
        const index = (check * 41) % values.length;
        const kept = values[index] ?? 0;
        const shift = 2e-3;
        values[index] = kept + shift;
        const above = loss();
        values[index] = kept - shift;
        const below = loss();
        values[index] = kept;
        const expected = (above - below) / (2 * shift);
        expect(Math.abs((gradient[index] ?? Number.NaN) - expected)).toBeLessThan(0.02 + 0.03 * Math.abs(expected));
      }
    });
  });
});

import { beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../random/random';
import type { GanPlan } from '../engine';
import { TensorflowGan } from '../tensorflow/gan';
import { chooseBackend } from '../tensorflow-backend';
import { FusedGanEngine } from './gan-engine';
import { clock, randomRows, smallClassifiers, smallShape } from './testing/cases';

function planOf(loss: GanPlan['shape']['loss']): GanPlan {
  return {
    shape: smallShape({ loss }),
    training: {
      ...{ batchSize: 20, criticSteps: 2, gradientPenaltyWeight: 10, beta1: 0.5, beta2: 0.9, weightDecay: 1e-6 },
      ...{ generatorLearningRate: 1e-3, criticLearningRate: 2e-3, schedule: { curve: 'linear', warmupSteps: 0 } },
      ...{ realLabel: 0.9, generatorAverage: 0.9, informationWeight: 0.5 },
    },
  };
}

beforeAll(async () => {
  await chooseBackend();
});

describe('the fused engine', () => {
  const engine = new FusedGanEngine({ threads: 1, clock, lanes: 4 });

  it.each(['wasserstein', 'non_saturating'] as const)('names what TensorFlow.js names, and more: %s', (loss) => {
    const plan = planOf(loss);
    const rows = randomRows(plan.shape.layout, 60);
    const at = { step: 0, totalSteps: 10 };
    const metrics = engine.createModel(plan, rows, 1).step(at);
    const names = Object.keys(new TensorflowGan(plan, rows, 1).step(at));
    expect(Object.keys(metrics)).toEqual(expect.arrayContaining(names));
    expect(Object.values(metrics).every(Number.isFinite)).toBe(true);
    expect(engine.name).toBe('fused (wasm simd, 4 lanes, 1 thread)');
  });

  it('names the target loss as TensorFlow.js does', () => {
    const plan = planOf('wasserstein');
    const shape = smallShape({ classifier: smallClassifiers['number and choice'] });
    const rows = randomRows(shape.layout, 60);
    const at = { step: 0, totalSteps: 10 };
    const models = [engine.createModel({ ...plan, shape }, rows, 1), new TensorflowGan({ ...plan, shape }, rows, 1)];
    for (const model of models) {
      const metrics = model.step(at);
      const value = (name: string) => metrics[name] ?? Number.NaN;
      expect(value('classifier_loss')).toBeGreaterThan(0);
      expect(value('classification_loss')).toBeGreaterThan(0);
      const parts = value('adversarial_loss') + value('cross_entropy') + value('information_loss');
      expect(value('generator_loss')).toBeCloseTo(parts + value('classification_loss'), 4);
      // 18 places of a row to 19 and 10 units and 7 classes.
      expect(model.parameters['classifier']).toBe(19 * 19 + 20 * 10 + 11 * 7);
    }
  });

  it('lets learning rates fall to 0', () => {
    const plan = planOf('wasserstein');
    const model = engine.createModel(plan, randomRows(plan.shape.layout, 60), 1);
    const before = model.getState();
    model.step({ step: 10, totalSteps: 10 });
    expect(model.getState()['critic.hidden.0.weight']).toEqual(before['critic.hidden.0.weight']);
  });

  it('draws sparse rows of a state, by a stream of its own', () => {
    const plan = planOf('wasserstein');
    const model = engine.createModel(plan, randomRows(plan.shape.layout, 60), 1);
    model.step({ step: 0, totalSteps: 10 });
    const draw = (seed: number) => engine.createSampler(plan, model.getState()).sample(30, Random.of(seed));
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
    expect(draw(1).rowCount).toBe(30);
  });
});

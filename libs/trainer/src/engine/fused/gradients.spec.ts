import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Parameter } from '../../../assembly/layout';
import { chooseBackend } from '../tensorflow-backend';
import type { NetworkMemory } from './core';
import type { FusedHyperparameters } from './hyperparameters';
import { classifierMeasures, criticMeasures, generatorMeasures } from './measures';
import {
  randomRows,
  relativeError,
  smallClassifiers,
  smallCore,
  smallLayout,
  smallSettings,
  smallShape,
} from './testing/cases';
import type { SmallCase } from './testing/cases';
import {
  classifierLoss,
  criticLoss,
  drawnOf,
  generate,
  generatorLoss,
  gradientsOf,
  realRows,
  variablesOf,
} from './testing/oracle';

const numbersOnly = {
  width: 3,
  spans: [0, 1, 2].map((start) => ({ kind: 'number' as const, start })),
  conditions: [],
};

const cases: [string, SmallCase, Partial<FusedHyperparameters>][] = [
  ['ctgan in small: residual, pac 2, dropout', {}, {}],
  ['pac 10', { pac: 10 }, {}],
  ['plain, pac 1, no dropout', { kind: 'plain', pac: 1, dropout: 0 }, {}],
  ['without conditions', { layout: smallLayout(false), kind: 'plain', dropout: 0.25 }, {}],
  ['residual without conditions, pac 1', { layout: smallLayout(false), pac: 1, dropout: 0 }, {}],
  ['numbers only', { layout: numbersOnly, pac: 1 }, {}],
  ['one layer each', { generatorLayers: [9], criticLayers: [17], dropout: 0 }, {}],
  ['three layers each', { generatorLayers: [9, 17, 5], criticLayers: [17, 33, 8] }, {}],
  ['plain, three layers', { kind: 'plain', generatorLayers: [9, 17, 5], criticLayers: [40] }, {}],
  ['non-saturating', { loss: 'non_saturating' }, {}],
  [
    'non-saturating, plain, without conditions',
    { loss: 'non_saturating', kind: 'plain', layout: smallLayout(false) },
    {},
  ],
  ['information loss', {}, { featureMatchWeight: 0.7, conditionWeight: 0.3 }],
  ['target loss', { classifier: smallClassifiers['number and choice'] }, {}],
  [
    'target and information loss, pac 10',
    { classifier: smallClassifiers['choice alone'], pac: 10 },
    { featureMatchWeight: 0.5 },
  ],
  [
    'target loss, non-saturating, without conditions',
    {
      ...{ classifier: smallClassifiers['choice alone'], loss: 'non_saturating', pac: 1 },
      ...{ kind: 'plain', layout: smallLayout(false) },
    },
    {},
  ],
  ['information loss, non-saturating', { loss: 'non_saturating', dropout: 0 }, { featureMatchWeight: 2 }],
];

function sumOfSquares(tensor: tf.Tensor): number {
  return tensor.square().sum().dataSync()[0] ?? Number.NaN;
}

function compare(fused: Record<string, Float32Array>, expected: tf.NamedTensorMap): void {
  const size = Math.sqrt(Object.values(expected).reduce((sum, gradient) => sum + sumOfSquares(gradient), 0));
  for (const [name, actual] of Object.entries(fused)) {
    const truth = (expected[name] as tf.Tensor).dataSync();
    const norm = Math.hypot(...truth);
    // A gradient that is zero in truth is rounding noise in both.
    if (norm < 1e-6 * size) expect(Math.hypot(...actual), name).toBeLessThan(1e-5 * size);
    else expect(relativeError(actual, truth), name).toBeLessThan(1e-5);
  }
}

function byName(network: NetworkMemory, gradients: tf.NamedTensorMap, variables: Record<string, tf.Variable>) {
  return Object.fromEntries(
    network.parameters.arrays.map(({ name }) => [name, gradients[variables[name]?.name ?? ''] as tf.Tensor]),
  );
}

beforeAll(async () => {
  await chooseBackend();
});
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

describe.each(cases)('gradients of %s', (_, given, settings) => {
  const shape = smallShape(given);
  const rows = randomRows(shape.layout, 60);

  it('of the critic equal automatic ones', () => {
    const core = smallCore(shape, smallSettings(settings));
    core.runtime.setParameter(Parameter.Update, 0);
    core.run('criticData');
    core.run('critic');
    const drawn = drawnOf(core);
    const w = variablesOf(core, core.critic);
    const fake = generate(core, variablesOf(core, core.generator), drawn).rows;
    const real = realRows(core, rows);
    const { value, grads } = tf.variableGrads(
      () => criticLoss(core, w, fake, { real, drawn }).asScalar(),
      Object.values(w),
    );
    compare(gradientsOf(core, core.critic), byName(core.critic, grads, w));
    expect(criticMeasures(core).discriminatorLoss).toBeCloseTo(value.arraySync(), 4);
  });

  it('of the generator equal automatic ones', () => {
    const core = smallCore(shape, smallSettings(settings));
    core.runtime.setParameter(Parameter.Update, 1);
    core.run('generatorData');
    core.run('generator');
    const drawn = drawnOf(core);
    const generator = variablesOf(core, core.generator);
    const critic = variablesOf(core, core.critic);
    const real = core.settings.featureMatchWeight > 0 ? realRows(core, rows) : undefined;
    const loss = () => generatorLoss(core, { generator, critic }, { real, drawn }).asScalar();
    const { value, grads } = tf.variableGrads(loss, Object.values(generator));
    compare(gradientsOf(core, core.generator), byName(core.generator, grads, generator));
    expect(generatorMeasures(core).generatorLoss).toBeCloseTo(value.arraySync(), 4);
  });
});

describe.each(Object.entries(smallClassifiers))('gradients of the classifier of %s', (_, classifier) => {
  const shape = smallShape({ classifier });
  const rows = randomRows(shape.layout, 60);

  it('equal automatic ones', () => {
    const core = smallCore(shape, smallSettings());
    const memory = core.classifier;
    if (!memory) throw new Error('the core has no classifier');
    core.runtime.setParameter(Parameter.Update, 0);
    core.run('criticData');
    core.run('classifier');
    const w = variablesOf(core, memory);
    const real = realRows(core, rows);
    const loss = () => classifierLoss(core, w, real, true).asScalar();
    const { value, grads } = tf.variableGrads(loss, Object.values(w));
    compare(gradientsOf(core, memory), byName(memory, grads, w));
    expect(classifierMeasures(core).classifierLoss).toBeCloseTo(value.arraySync(), 4);
  });
});

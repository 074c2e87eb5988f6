import { afterEach, describe, expect, it } from 'vitest';
import type { ModelState } from '../engine';
import type { GanShape } from '../gan-shape';
import { FusedGan } from './fused-gan';
import type { FusedGanOptions } from './fused-gan';
import { FusedSampler } from './fused-sampler';
import type { FusedHyperparameters } from './hyperparameters';
import { clock, randomRows, smallClassifiers, smallSettings, smallShape } from './testing/cases';

const gans: FusedGan[] = [];

interface Given {
  shape?: GanShape;
  settings?: Partial<FusedHyperparameters>;
  options?: Partial<FusedGanOptions>;
}

function createGan({ shape = smallShape(), settings, options }: Given = {}): FusedGan {
  const rows = randomRows(shape.layout, 60);
  const gan = new FusedGan(shape, smallSettings(settings), rows, { threads: 1, seed: 3, clock, ...options });
  gans.push(gan);
  return gan;
}

function train(gan: FusedGan, from: number, to: number) {
  for (let step = from; step < to; step++) gan.step({ step, generatorRate: 1e-3, criticRate: 2e-3 });
}

/** Names of the arrays that differ in any bit. */
function differences(a: ModelState, b: ModelState): string[] {
  expect(Object.keys(a)).toEqual(Object.keys(b));
  const bits = (array: Float32Array | undefined) => Buffer.from(array?.buffer ?? new ArrayBuffer()).toString('base64');
  return Object.keys(a).filter((name) => bits(a[name]) !== bits(b[name]));
}

afterEach(async () => {
  await Promise.all(gans.splice(0).map((gan) => gan.dispose()));
});

describe('a fused GAN', () => {
  const withClassifier = smallShape({ classifier: smallClassifiers['number and choice'] });

  it.each([
    [2, smallShape()],
    [4, smallShape()],
    [2, withClassifier],
    [4, withClassifier],
  ])('has the same weights on %d threads as on one', async (threads, shape) => {
    const settings = { batchSize: 200, criticSteps: 2, featureMatchWeight: 0.5 };
    const one = createGan({ shape, settings });
    const several = createGan({ shape, settings, options: { threads } });
    await several.ready();
    expect(several.threads).toBe(threads);
    train(one, 0, 15);
    train(several, 0, 15);
    expect(differences(one.getState(), several.getState())).toEqual([]);
    expect(one.sample(300, { seed: 1 })).toEqual(several.sample(300, { seed: 1 }));
  });

  it('goes on after a state as if it had not stopped', () => {
    const whole = createGan();
    train(whole, 0, 20);
    const first = createGan();
    train(first, 0, 10);
    const second = createGan({ options: { seed: 3 } });
    train(second, 0, 1);
    second.setState(first.getState());
    expect(differences(second.getState(), first.getState())).toEqual([]);
    train(second, 10, 20);
    expect(differences(second.getState(), whole.getState())).toEqual([]);
  });

  it('goes on after a state with its classifier, which learns to tell the target', () => {
    const shape = smallShape({ classifier: smallClassifiers['choice alone'] });
    const whole = createGan({ shape });
    const losses = Array.from({ length: 60 }, (_, step) => {
      const measures = whole.step({ step, generatorRate: 1e-3, criticRate: 5e-3 });
      const { adversarialLoss, crossEntropy = 0, classification = 0, classifierLoss = 0 } = measures;
      expect(measures.generatorLoss).toBeCloseTo(adversarialLoss + crossEntropy + 2 * classification, 4);
      return classifierLoss;
    });
    const meanOf = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(meanOf(losses.slice(-10))).toBeLessThan(0.9 * meanOf(losses.slice(0, 10)));
    const first = createGan({ shape });
    const step = (gan: FusedGan, at: number) => gan.step({ step: at, generatorRate: 1e-3, criticRate: 5e-3 });
    for (let at = 0; at < 30; at++) step(first, at);
    const second = createGan({ shape });
    second.setState(first.getState());
    for (let at = 30; at < 60; at++) step(second, at);
    expect(differences(second.getState(), whole.getState())).toEqual([]);
    expect(() => createGan().setState(whole.getState())).not.toThrow();
    expect(() => createGan({ shape }).setState(createGan().getState())).toThrow('classifier.hidden.0.weight');
  });

  it('depends on its seed', () => {
    const a = createGan({ options: { seed: 4 } });
    const b = createGan({ options: { seed: 5 } });
    b.setState(a.getState());
    train(a, 0, 1);
    train(b, 0, 1);
    expect(differences(a.getState(), b.getState())).toContain('critic.hidden.0.weight');
  });

  it('refuses a state that does not fit, and keeps its own', () => {
    const gan = createGan();
    const before = gan.getState();
    const { 'critic.score.bias': _, ...rest } = createGan({ options: { seed: 8 } }).getState();
    expect(() => gan.setState(rest)).toThrow('the checkpoint holds no numbers as critic.score.bias, the model needs 1');
    expect(differences(gan.getState(), before)).toEqual([]);
  });

  it('moves only the network that is updated', () => {
    const gan = createGan();
    const before = gan.getState();
    gan.step({ step: 0, generatorRate: 0, criticRate: 1e-3 });
    const changed = differences(before, gan.getState()).filter((name) => !/moment|updates|running|average/.test(name));
    expect(changed.every((name) => name.startsWith('critic.'))).toBe(true);
    expect(changed).toContain('critic.hidden.0.weight');
    const after = gan.getState();
    gan.step({ step: 1, generatorRate: 1e-3, criticRate: 0 });
    const moved = differences(after, gan.getState()).filter((name) => !/moment|updates|running/.test(name));
    expect(moved.every((name) => name.startsWith('generator.'))).toBe(true);
    expect(moved).toContain('generator.average.output.weight');
  });

  it('updates as Adam with L2 decay does, and averages', () => {
    const decay = 0.01;
    const adam = { beta1: 0.5, beta2: 0.9, decay };
    const gan = createGan({ settings: { critic: adam, generator: adam, generatorAverage: 0.9 } });
    const [before, middle] = [gan.getState(), (train(gan, 0, 1), gan.getState())];
    train(gan, 1, 2);
    const after = gan.getState();
    const name = 'output.weight';
    const at = (state: ModelState, prefix: string) => state[`generator.${prefix}${name}`]?.[5] ?? Number.NaN;
    // The gradient of each step, from the first moments.
    const g1 = at(middle, 'first_moment.') / 0.5;
    const g2 = (at(after, 'first_moment.') - 0.5 * at(middle, 'first_moment.')) / 0.5;
    expect(at(after, 'second_moment.')).toBeCloseTo(0.9 * 0.1 * g1 ** 2 + 0.1 * g2 ** 2, 9);
    const mean = (0.5 * 0.5 * g1 + 0.5 * g2) / (1 - 0.5 ** 2);
    const deviation = Math.sqrt((0.9 * 0.1 * g1 ** 2 + 0.1 * g2 ** 2) / (1 - 0.9 ** 2));
    expect(at(after, '')).toBeCloseTo(at(middle, '') - (1e-3 * mean) / (deviation + 1e-8), 6);
    // While few steps are done, the average keeps less: 1 / 11, then 2 / 12.
    const first = at(before, '') / 11 + (10 / 11) * at(middle, '');
    expect(at(middle, 'average.')).toBeCloseTo(first, 6);
    expect(at(after, 'average.')).toBeCloseTo(first / 6 + (5 / 6) * at(after, ''), 6);
  });

  it('measures its losses as the sums of their parts', () => {
    const gan = createGan({ settings: { featureMatchWeight: 2, conditionWeight: 0.5 } });
    const before = gan.getState();
    const measures = gan.step({ step: 0, generatorRate: 1e-3, criticRate: 1e-3 });
    const { crossEntropy = Number.NaN, featureMatch = Number.NaN, gradientPenalty = Number.NaN } = measures;
    const { wassersteinEstimate = Number.NaN } = measures;
    expect(measures.generatorLoss).toBeCloseTo(measures.adversarialLoss + 0.5 * crossEntropy + 2 * featureMatch, 6);
    expect(measures.discriminatorLoss).toBeCloseTo(gradientPenalty - wassersteinEstimate, 6);
    expect(measures.norms.generator.gradient).toBeGreaterThan(0);
    expect(measures.norms.critic.updateRatio).toBeGreaterThan(1e-4);
    expect(measures.norms.critic.updateRatio).toBeLessThan(0.1);
    // Of the first update of Adam, each parameter moves by the rate.
    const { critic } = gan.parameters;
    const weights = Object.entries(before).filter(([name]) => /^critic\.(hidden|score)/.test(name));
    const size = Math.sqrt(weights.reduce((sum, [, array]) => sum + array.reduce((s, w) => s + w * w, 0), 0));
    expect(measures.norms.critic.updateRatio).toBeCloseTo((1e-3 * Math.sqrt(critic)) / size, 4);
  });

  it('names the settings that do not fit', () => {
    expect(() => createGan({ settings: { batchSize: 21 } })).toThrow(
      'batchSize is 21; it must be a multiple of pac, which is 2',
    );
    expect(() => createGan({ shape: smallShape({ dropout: 1 }) })).toThrow('critic.dropout is 1');
    expect(() => createGan({ options: { threads: 0 } })).toThrow('threads is 0');
    const shape = smallShape();
    const rows = { ...randomRows(shape.layout, 4), rowCount: 5 };
    expect(() => new FusedGan(shape, smallSettings(), rows, { threads: 1, seed: 1, clock })).toThrow(
      'length of numbers is 8; it must be 5 x 2',
    );
  });

  it('names what is wrong with a classifier', () => {
    const classifier = smallClassifiers['number and choice'];
    const build = (change: Partial<typeof classifier>) => () =>
      createGan({ shape: smallShape({ classifier: { ...classifier, ...change } }) });
    expect(build({ target: 3 })).toThrow('the target of a classifier is a choice among the spans of its column');
    expect(build({ column: [1, 4] })).toThrow('which lie side by side');
    expect(build({ target: 9 })).toThrow('the classifier names span 9, and a row has 5');
    expect(build({ layers: [] })).toThrow('classifier layers is 0; it must be from 1 to 8 layers');
    expect(build({ dropout: 1 })).toThrow('classifier.dropout is 1; it must be from 0 to below 1');
    expect(build({ weight: 0 })).toThrow('classifier.weight is 0; it must be greater than 0');
  });

  it('learns a table of one strong rule, and to obey its condition', () => {
    const spans = [
      { kind: 'choice' as const, start: 0, width: 3 },
      { kind: 'number' as const, start: 3 },
    ];
    const layout = { width: 4, spans, conditions: [0] };
    // Half the rows are the middle choice; the number is -0.5, 0 or 0.5 by the choice.
    const choices = Uint16Array.from({ length: 400 }, (_, i) => [1, 0, 1, 2][i % 4] ?? 0);
    const numbers = Float32Array.from(choices, (choice) => (choice - 1) / 2);
    const shape = smallShape({ layout, pac: 1, dropout: 0, generatorLayers: [24], criticLayers: [24] });
    const settings = smallSettings({ batchSize: 60, criticSteps: 2 });
    const gan = new FusedGan(shape, settings, { rowCount: 400, numbers, choices }, { threads: 1, seed: 1, clock });
    for (let step = 0; step < 400; step++) gan.step({ step, generatorRate: 2e-3, criticRate: 4e-3 });
    const conditions = Int32Array.from({ length: 600 }, (_, i) => i % 3);
    const rows = gan.sampleEncoded(600, { seed: 1, conditions });
    const hits = rows.choices.filter((choice, i) => choice === conditions[i]).length / 600;
    const errors = rows.numbers.map((value, i) => Math.abs(value - ((conditions[i] ?? 0) - 1) / 2));
    expect(hits).toBeGreaterThan(0.9);
    // Numbers that do not know the condition would be off by 1/3.
    expect(errors.reduce((sum, error) => sum + error) / 600).toBeLessThan(0.1);
  });
});

describe('samples', () => {
  it('do not depend on the chunks they are drawn in', () => {
    const gan = createGan();
    train(gan, 0, 5);
    const all = gan.sample(70, { seed: 2 });
    const conditions = new Int32Array(70).fill(-1);
    expect(gan.sample(70, { seed: 2, conditions })).toEqual(all);
    const later = gan.sample(30, { seed: 2, first: 40 });
    expect(later).toEqual(all.slice(40 * 18));
    expect(gan.sample(70, { seed: 3 })).not.toEqual(all);
  });

  it('leave training as it was', () => {
    const [a, b] = [createGan(), createGan()];
    train(a, 0, 3);
    train(b, 0, 3);
    a.sample(50, { seed: 1, conditions: new Int32Array(50).fill(2) });
    train(a, 3, 6);
    train(b, 3, 6);
    expect(differences(a.getState(), b.getState())).toEqual([]);
  });

  it.each([0, 0.9])('of a state are those of its model, average %d', (generatorAverage) => {
    const gan = createGan({ settings: { generatorAverage } });
    train(gan, 0, 10);
    const sampler = new FusedSampler(smallShape(), gan.getState(), generatorAverage > 0);
    const conditions = Int32Array.from({ length: 600 }, (_, i) => (i % 14) - 1);
    const rows = gan.sample(600, { seed: 9, conditions });
    expect(sampler.sample(600, { seed: 9, conditions })).toEqual(rows);
    const encoded = sampler.sampleEncoded(600, { seed: 9, conditions });
    expect(encoded.numbers[2 * 7 + 1]).toBe(rows[18 * 7 + 10]);
    const shares = [...rows.slice(18 * 7 + 4, 18 * 7 + 10)];
    expect(encoded.choices[3 * 7 + 1]).toBe(shares.indexOf(Math.max(...shares)));
    expect(shares.reduce((sum, share) => sum + share)).toBeCloseTo(1, 5);
  });

  it('refuse a condition that is none', () => {
    const gan = createGan();
    expect(() => gan.sample(1, { seed: 1, conditions: Int32Array.of(13) })).toThrow('a condition is none of -1 to 12');
    expect(() => gan.sample(2, { seed: 1, conditions: Int32Array.of(1) })).toThrow(
      '1 conditions were given for 2 rows',
    );
  });
});

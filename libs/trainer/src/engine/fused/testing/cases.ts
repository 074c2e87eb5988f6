import { Parameter } from '../../../../assembly/layout';
import { Random } from '../../../random/random';
import type { ClassifierShape, EncodedRows, GanShape, RowLayout, RowSpan } from '../../gan-shape';
import { Core } from '../core';
import { isNumber } from '../hyperparameters';
import { initialise } from '../initialise';
import type { FusedHyperparameters } from '../hyperparameters';
import type { Clock } from '../runtime';

export const clock: Clock = { now: () => performance.now() };

/** Two numbers and three choices in mixed order, two of which are conditions. */
export function smallLayout(hasConditions = true): RowLayout {
  const spans: RowSpan[] = [
    { kind: 'number', start: 0 },
    { kind: 'choice', start: 1, width: 3 },
    { kind: 'choice', start: 4, width: 6 },
    { kind: 'number', start: 10 },
    { kind: 'choice', start: 11, width: 7 },
  ];
  return { width: 18, spans, conditions: hasConditions ? [2, 4] : [] };
}

export interface SmallCase {
  layout?: RowLayout;
  kind?: GanShape['generator']['kind'];
  loss?: GanShape['loss'];
  pac?: number;
  dropout?: number;
  generatorLayers?: number[];
  criticLayers?: number[];
  classifier?: ClassifierShape;
}

export function smallShape(given: SmallCase = {}): GanShape {
  return {
    layout: given.layout ?? smallLayout(),
    latentDim: 11,
    generator: {
      layers: given.generatorLayers ?? [20, 12],
      kind: given.kind ?? 'residual',
      gumbelTemperature: 0.5,
    },
    critic: {
      layers: given.criticLayers ?? [21, 13],
      leak: 0.2,
      dropout: given.dropout ?? 0.5,
      pac: given.pac ?? 2,
    },
    loss: given.loss ?? 'wasserstein',
    ...(given.classifier && { classifier: given.classifier }),
  };
}

export function smallSettings(given: Partial<FusedHyperparameters> = {}): FusedHyperparameters {
  return {
    batchSize: 20,
    criticSteps: 1,
    gradientPenaltyWeight: 10,
    realTarget: 0.9,
    conditionWeight: 1,
    featureMatchWeight: 0,
    generator: { beta1: 0.5, beta2: 0.9, decay: 1e-3 },
    critic: { beta1: 0.5, beta2: 0.9, decay: 1e-3 },
    generatorAverage: 0.9,
    ...given,
  };
}

export function randomRows(layout: RowLayout, rowCount: number, seed = 5): EncodedRows {
  const random = Random.of(seed, 'rows');
  const numbers = layout.spans.filter(isNumber).length;
  const widths = layout.spans.flatMap((span) => (span.kind === 'choice' ? [span.width] : []));
  return {
    rowCount,
    numbers: random.fillUniform(new Float32Array(rowCount * numbers), -1, 1),
    // The greatest of three draws: unequal shares.
    choices: Uint16Array.from({ length: rowCount * widths.length }, (_, i) => {
      const width = widths[i % widths.length] as number;
      return Math.max(random.integer(width), random.integer(width));
    }),
  };
}

/** Tells the last choice; with it a number that belongs to its column, and another choice behind no number. */
export const smallClassifiers: Record<'number and choice' | 'choice alone', ClassifierShape> = {
  'number and choice': { target: 4, column: [3, 4], layers: [19, 10], dropout: 0.3, weight: 0.8 },
  'choice alone': { target: 1, column: [1], layers: [14], dropout: 0, weight: 2 },
};

/** A core with every parameter away from zero, at the start of step 3. */
export function smallCore(shape: GanShape, settings: FusedHyperparameters): Core {
  const core = new Core(shape, settings, randomRows(shape.layout, 60), { threads: 1, clock, deadlineMs: 20_000 });
  initialise(core, 7);
  const random = Random.of(8);
  for (const { parameters, weights } of [core.generator, core.critic, ...(core.classifier ? [core.classifier] : [])]) {
    for (const { name, blocks } of parameters.arrays) {
      if (name.endsWith('.weight') && !name.startsWith('score')) continue;
      const base = core.runtime.floatsAt(weights, parameters.size);
      for (const { offset, columns } of blocks) {
        random.fillUniform(base.subarray(offset, offset + columns), -0.5, name.endsWith('gamma') ? 1.5 : 0.5);
      }
    }
  }
  core.runtime.setParameter(Parameter.Seed, 9);
  core.runtime.setParameter(Parameter.Step, 3);
  return core;
}

export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  let difference = 0;
  let size = 0;
  for (let i = 0; i < expected.length; i++) {
    difference += ((actual[i] ?? Number.NaN) - (expected[i] as number)) ** 2;
    size += (expected[i] as number) ** 2;
  }
  return Math.sqrt(difference / Math.max(size, 1e-12));
}

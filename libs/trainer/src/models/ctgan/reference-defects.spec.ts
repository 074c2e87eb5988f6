import { beforeAll, describe, expect, it } from 'vitest';
import type { Cell } from '@gan-dashboard/shared-types';
import { conditionsOf } from '../../data/conditions';
import { compileConditions } from '../../data/row-conditions';
import type { Engine, GanPlan, Sampler } from '../../engine/engine';
import type { EncodedRows } from '../../engine/gan-shape';
import { EpochMeans } from '../../run/epoch-means';
import { Random } from '../../random/random';
import { tensorflowAlone, workerEngines } from '../../testing/engines';
import { encodedSides, sidesTable, smallCtganConfig } from '../../testing/gan-plans';
import { column, memoryTable, quantities } from '../../testing/tables';
import { openCtgan } from './ctgan';

/** What CTGAN's reference implementation does wrong, held right here on every engine that runs it. */
let tensorflow: Engine;
const fused = workerEngines();
beforeAll(async () => {
  tensorflow = await tensorflowAlone();
});
const engines: [string, () => Engine][] = [
  ['fused', () => fused],
  ['tensorflow.js', () => tensorflow],
];

async function trained(engine: Engine, steps = 3, given: Parameters<typeof smallCtganConfig>[0] = {}) {
  const opened = openCtgan(smallCtganConfig(given), engine);
  const { source, columns } = sidesTable(400);
  const fitted = await opened.fit(source, columns, { seed: 2, onColumn: () => Promise.resolve() });
  const metrics = Array.from({ length: steps }, (_, step) => fitted.model.step({ step, totalSteps: steps }));
  const { transforms, rowCount, engine: madeBy } = fitted;
  const state = fitted.model.getState();
  return { metrics, transforms, sampler: await opened.openSampler({ transforms, rowCount, madeBy, state }) };
}

/** An engine that trains nothing and writes down the conditions that it is asked for. */
function listeningEngine() {
  const asked: number[] = [];
  const sampler = ({ shape }: GanPlan): Sampler<EncodedRows> => ({
    sample: (rowCount, _random, conditions = new Int32Array(rowCount).fill(-1)) => {
      asked.push(...conditions);
      const numbers = shape.layout.spans.filter(({ kind }) => kind === 'number').length;
      const choices = shape.layout.spans.length - numbers;
      return {
        rowCount,
        numbers: new Float32Array(rowCount * numbers),
        choices: new Uint16Array(rowCount * choices),
      };
    },
  });
  const unused = () => Promise.reject(new Error('only samples are drawn here'));
  const engine = {
    gan: () => Promise.resolve({ name: 'listening', createModel: unusedModel, createSampler: sampler }),
  };
  return {
    asked,
    engine: { ...engine, tvae: unused, wganGp: unused, doppelganger: unused, quantgan: unused } satisfies Engine,
  };
}

function unusedModel(): never {
  throw new Error('nothing is trained here');
}

describe('samples without conditions', () => {
  it('are asked for by the true counts of each column, not by their logarithms', async () => {
    const { asked, engine } = listeningEngine();
    const { transforms, sparse } = await encodedSides(1_000);
    const sampler = await openCtgan(smallCtganConfig(), engine).openSampler({ transforms, rowCount: 1_000, state: {} });
    sampler.draw({ from: 0, rows: 30_000 }, 1);
    for (const { start, width, choice } of conditionsOf(sparse.layout)) {
      const own = asked.filter((place) => place >= start && place < start + width);
      expect(own.length / asked.length).toBeCloseTo(1 / sparse.layout.conditions.length, 1);
      const counts = sparse.slotCounts[choice] ?? [];
      counts.forEach((count, slot) => {
        const share = own.filter((place) => place === start + slot).length / own.length;
        expect(Math.abs(share - count / 1_000)).toBeLessThan(0.02);
      });
    }
  });
});

describe('a condition', () => {
  it('has its place behind those of the columns before it', async () => {
    const { engine } = listeningEngine();
    const { transforms, sparse } = await encodedSides(1_000);
    const sampler = await openCtgan(smallCtganConfig(), engine).openSampler({ transforms, rowCount: 1_000, state: {} });
    const places = conditionsOf(sparse.layout);
    const conditions = compileConditions(
      [
        { column: 'side', equals: 'left' },
        { column: 'value', at_least: 3, at_most: 8 },
        { column: 'gain', equals: 0 },
      ],
      transforms,
    );
    conditions.forEach((condition, index) => {
      const hint = sampler.hintFor?.(condition);
      const { start = -1, width = 0 } = places[index] ?? {};
      for (let i = 0; i < 20; i++) {
        const place = hint?.draw(Random.of(i)) ?? -1;
        expect([index, place >= start && place < start + width]).toEqual([index, true]);
      }
    });
    expect(places.map(({ start }) => start)).toEqual([...places.map(({ start }) => start)].sort((a, b) => a - b));
    expect(places[2]?.start).toBeGreaterThan(0);
  });
});

describe.each(engines)('on %s', (_, engineOf) => {
  it('a row of one condition does not depend on the conditions of the rows beside it', async () => {
    const { sampler } = await trained(engineOf());
    const first = (places: Int32Array): Cell[] | undefined =>
      sampler.draw({ from: 0, rows: places.length }, 9, places)[0];
    const alone = first(new Int32Array(60).fill(1));
    const mixed = first(Int32Array.from({ length: 60 }, (_, i) => (i === 0 ? 1 : i % 5)));
    expect(mixed).toEqual(alone);
  });

  it('each part of the losses is told by itself, and an epoch is the mean of its steps', async () => {
    const { metrics } = await trained(engineOf());
    const means = new EpochMeans();
    metrics.forEach((step) => means.add(step));
    const told = means.take();
    const parts = ['real_scores', 'fake_scores', 'gradient_penalty', 'cross_entropy', 'adversarial_loss'];
    for (const name of parts) {
      const values = metrics.map((step) => step[name] ?? Number.NaN);
      expect(new Set(values).size).toBeGreaterThan(1);
      expect(told[name]).toBeCloseTo(values.reduce((sum, value) => sum + value, 0) / values.length, 6);
    }
  });

  it.each([true, false])('a table of numbers alone is learned, with conditions on modes: %s', async (onModes) => {
    const opened = openCtgan(smallCtganConfig({ condition_on_modes: onModes }), engineOf());
    const noise = Random.of(1).fillNormal(new Float32Array(600));
    const half = (from: number, shift: number) =>
      quantities(Array.from(noise.subarray(from, from + 300), (value, i) => value + (i % 2 === 0 ? 0 : shift)));
    const source = memoryTable({ a: half(0, 9), b: half(300, 0) });
    const columns = ['a', 'b'].map((name) => column({ name, type: 'number', role: 'numeric' }));
    const fitted = await opened.fit(source, columns, { seed: 1, onColumn: () => Promise.resolve() });
    const metrics = [0, 1, 2].map((step) => fitted.model.step({ step, totalSteps: 3 }));
    for (const step of metrics) {
      expect(Object.values(step).every(Number.isFinite)).toBe(true);
      expect(Object.hasOwn(step, 'cross_entropy')).toBe(onModes);
    }
    const { transforms, rowCount, engine: madeBy } = fitted;
    const sampler = await opened.openSampler({ transforms, rowCount, madeBy, state: fitted.model.getState() });
    const cells = sampler.draw({ from: 0, rows: 30 }, 1);
    expect(cells.every((row) => row.length === 2 && row.every((cell) => Number.isFinite(cell)))).toBe(true);
  });
});

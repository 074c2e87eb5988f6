import { mostPathPoints, mostPaths, qualityUpdateSchema, samplePathsSchema } from '@gan-dashboard/shared-types';
import { describe, expect, it } from 'vitest';
import { workerEngines } from '../testing/engines';
import { column } from '../testing/tables';
import { trainWhole } from '../testing/training-runs';

const columns = [
  column({ name: 'day', type: 'date', role: 'datetime' }),
  column({ name: 'symbol', type: 'text', role: 'categorical', sequence_role: 'key' }),
  column({ name: 'price', type: 'number', role: 'numeric' }),
  column({ name: 'volume', type: 'integer', role: 'numeric' }),
  column({ name: 'yield', type: 'number', role: 'numeric' }),
  column({ name: 'fourth', type: 'number', role: 'numeric' }),
];
/** Two instruments of 60 rows, the newest first: 100, 101, … and 500, 501, … */
const select = `
  SELECT DATE '2024-01-01' + (i % 60)::INTEGER AS day, CASE WHEN i < 60 THEN 'A' ELSE 'B' END AS symbol,
         CASE WHEN i < 60 THEN 100.0 + i ELSE 440.0 + i END AS price,
         1000 + (i * 7) % 13 AS volume, 3 + sin(i * 1.7) AS yield, cos(i) AS fourth
  FROM range(120) t(i) ORDER BY i DESC`;

const common = {
  epochs: 2,
  steps_per_epoch: 4,
  quality_every: 1,
  quality_budget: 100,
  quality_holdout: 0,
  sequence_length: 6,
};
const models: [string, Record<string, unknown>][] = [
  [
    'doppelganger',
    { ...common, batch_size: 8, lstm_units: 8, latent_dim: 4, attribute_layers: [8], critic_layers: [16, 16] },
  ],
  ['quantgan', { ...common, batch_size: 4, temporal_blocks: 4, channels: 4 }],
];
const given = { engine: workerEngines(), columns, select };

function pathsOf({ told }: Awaited<ReturnType<typeof trainWhole>>) {
  return told.quality.map(([update]) => qualityUpdateSchema.parse(update).paths);
}

describe.each(models)('sample paths of %s', (model, config) => {
  it('stand beside windows of the table, in order of time and within one sequence', async () => {
    const [first, second] = pathsOf(await trainWhole({ ...given, model, config }));
    expect(first?.length).toBe(6);
    expect(first?.measures.map(({ name }) => name)).toEqual(['price', 'volume', 'yield']);
    const [price, volume] = first?.measures ?? [];
    expect([price?.real.length, price?.synthetic.length]).toEqual([mostPaths, mostPaths]);
    for (const path of price?.real ?? []) {
      const [start = 0] = path;
      expect(path).toEqual([0, 1, 2, 3, 4, 5].map((row) => (start ?? 0) + row));
    }
    expect(volume?.real.flat().every((value) => value !== null && value >= 1000 && value < 1013)).toBe(true);
    for (const path of price?.synthetic ?? []) expect(path.every(Number.isFinite)).toBe(true);
    expect(second?.measures.map(({ real }) => real)).toEqual(first?.measures.map(({ real }) => real));
    expect(second?.measures[2]?.synthetic).not.toEqual(first?.measures[2]?.synthetic);
  });

  it('are the same for a seed and leave the training bit by bit as it is without', async () => {
    const [one, again, without] = [
      await trainWhole({ ...given, model, config }),
      await trainWhole({ ...given, model, config }),
      await trainWhole({ ...given, model, config: { ...config, quality_every: 0 } }),
    ];
    expect(pathsOf(again)).toEqual(pathsOf(one));
    expect(without.told.quality).toEqual([]);
    expect(one.checkpoint?.state).toEqual(without.checkpoint?.state);
  });

  it('stay within their bounds, whatever the length of a sequence', async () => {
    const longer = select.replaceAll('60', '200').replace('range(120)', 'range(400)');
    const long = { ...config, sequence_length: 100, epochs: 1 };
    const [paths] = pathsOf(await trainWhole({ ...given, select: longer, model, config: long }));
    expect(paths?.length).toBe(mostPathPoints);
    expect(paths?.measures[0]?.synthetic.map((path) => path.length)).toEqual(Array(mostPaths).fill(mostPathPoints));
  });
});

describe('paths of doppelganger', () => {
  it('have a gap where the table has none', async () => {
    const [model, config] = models[0] ?? ['', {}];
    const gapped = select.replace('1000 + (i * 7) % 13', 'CASE WHEN i % 3 > 0 THEN i END');
    const [paths] = pathsOf(await trainWhole({ ...given, select: gapped, model, config: { ...config, epochs: 1 } }));
    for (const path of paths?.measures[1]?.real ?? []) expect(path.filter((value) => value === null)).toHaveLength(2);
  });
});

describe('paths of an event', () => {
  it('take below 24 kB at most', () => {
    const path = Array<number>(mostPathPoints).fill(-1.2345e-7);
    const several = Array<number[]>(mostPaths).fill(path);
    const measure = (name: string) => ({ name, real: several, synthetic: several });
    const paths = samplePathsSchema.parse({ length: mostPathPoints, measures: ['a', 'b', 'c'].map(measure) });
    expect(JSON.stringify(paths).length).toBeLessThan(24_000);
    expect(samplePathsSchema.safeParse({ ...paths, measures: ['a', 'b', 'c', 'd'].map(measure) }).success).toBe(false);
  });

  it('are absent from models of single rows', async () => {
    const { told } = await trainWhole({
      ...given,
      model: 'wgan-gp',
      config: {
        ...{ epochs: 1, steps_per_epoch: 2, batch_size: 10, quality_every: 1 },
        ...{ latent_dim: 4, generator_layers: [8], critic_layers: [8] },
      },
    });
    expect(told.quality.map(([{ state, paths }]) => [state, paths])).toEqual([['measured', undefined]]);
  });
});

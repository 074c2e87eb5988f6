import { fullQualityReportSchema } from '@gan-dashboard/shared-types';
import { describe, expect, it } from 'vitest';
import { Random } from '../../random/random';
import { takeRows } from '../table';
import type { QualityTable } from '../table';
import { categorical, id, numeric, table } from '../testing/tables';
import { fullReport } from './full-report';

/** Rows of one law: two numbers that follow each other and a category that follows both. */
function rows(length: number, seed: number): QualityTable {
  const random = Random.of(seed, 'report rows');
  const x = Array.from({ length }, () => random.uniform());
  const y = x.map((value) => value + random.uniform() / 2);
  const c = y.map((value) => (value > 1 ? 'high' : value > 0.6 ? 'middle' : 'low'));
  return table(
    id(
      'key',
      x.map((_, i) => i),
    ),
    numeric('x', x),
    numeric('y', y),
    categorical('c', c),
  );
}

describe('fullReport', () => {
  it('is what its schema says, through JSON and back', async () => {
    const report = await fullReport({
      real: rows(400, 1),
      synthetic: rows(300, 2),
      holdout: rows(200, 3),
      target: 'c',
      seed: 7,
    });
    expect(fullQualityReportSchema.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
    expect(report.rows).toEqual({ real: 400, synthetic: 300, holdout: 200 });
    expect(Object.keys(report)).toEqual(
      expect.arrayContaining(['columns', 'pairs', 'distance', 'detection', 'utility', 'privacy']),
    );
    expect(new Set(report.scores.map(({ name }) => name)).size).toBe(report.scores.length);
  });

  it('puts rows of the same law between floor and ceiling, and flags copies', async () => {
    const real = rows(4_000, 1);
    const honest = await fullReport({ real, synthetic: rows(4_000, 2), sections: ['fidelity'] });
    expect(honest.scores.filter((score) => score.is_above_ceiling)).toEqual([]);
    const trends = honest.scores.find(({ name }) => name === 'column_pair_trends');
    expect(trends?.value).toBeGreaterThan((trends?.floor ?? 1) + 0.2);
    const copies = await fullReport({ real, synthetic: real, sections: ['fidelity'] });
    expect(copies.scores.find(({ name }) => name === 'column_shapes')).toMatchObject({
      value: 1,
      is_above_ceiling: true,
    });
  });

  it('says what a bound left out', async () => {
    const real = rows(500, 1);
    const report = await fullReport({
      real,
      synthetic: rows(200, 2),
      sections: ['fidelity'],
      bounds: { fidelity: 300 },
    });
    expect(report.bounds).toEqual([{ section: 'fidelity', table: 'real', rows: 300, of: 500 }]);
  });

  it('draws both distributions of a column', async () => {
    const real = table(numeric('x', [0, 0, 1, null]), categorical('c', ['a', 'b', 'b', null]));
    const synthetic = table(numeric('x', [1, 2, 2, 2]), categorical('c', ['b', 'z', 'b', 'b']));
    const { columns } = await fullReport({ real, synthetic, sections: ['fidelity'] });
    expect(columns?.[0]).toMatchObject({
      missing: { real: 0.25, synthetic: 0 },
      histogram: { edges: [-0.5, 0.5, 1.5, 2.5], real: [2 / 3, 1 / 3, 0], synthetic: [0, 0.25, 0.75] },
      summary: { real: { minimum: 0, maximum: 1, mean: 1 / 3, median: 0 }, synthetic: { mean: 1.75, deviation: 0.5 } },
    });
    expect(columns?.[1]).toMatchObject({
      coverage: 0.5,
      categories: [
        { value: 'b', real: 0.5, synthetic: 0.75 },
        { value: 'a', real: 0.25, synthetic: 0 },
        { value: 'z', real: 0, synthetic: 0.25 },
      ],
    });
  });

  it('tells how far it is, and ends when it is told to', async () => {
    const real = rows(50, 1);
    const seen: string[] = [];
    await fullReport({
      real,
      synthetic: real,
      sections: ['fidelity', 'diagnostic'],
      progress: ({ section, done, total }) => void seen.push(`${section} ${done}/${total}`),
    });
    expect(seen).toEqual(['fidelity 0/2', 'diagnostic 1/2', 'diagnostic 2/2']);
    const controller = new AbortController();
    const aborted = fullReport({
      real,
      synthetic: takeRows(real, Uint32Array.of(0)),
      signal: controller.signal,
      progress: () => controller.abort(new Error('no longer wanted')),
    });
    await expect(aborted).rejects.toThrow('no longer wanted');
  });
});

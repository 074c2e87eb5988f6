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

  it('says why a section cannot be computed, and gives no report of tables that do not fit', async () => {
    const real = rows(50, 1);
    const report = await fullReport({ real, synthetic: real, sections: ['utility', 'privacy'], target: 'y2' });
    expect(report.skipped[0]?.reason).toContain('lacks the column "y2"');
    expect(report.privacy?.exact_copies.copied).toBe(1);
    await expect(fullReport({ real, synthetic: table(numeric('x', [1])) })).rejects.toThrow('lacks the column "y"');
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

  /** A walk of the mid price with two levels around it. */
  function books(length: number, seed: number): QualityTable {
    const random = Random.of(seed, 'books');
    let ticks = 10_000;
    const rowsOfBook = Array.from({ length }, () => {
      ticks += random.integer(3) - 1;
      const spread = 1 + random.integer(3);
      return { bid: ticks, ask: ticks + spread, size: 1 + random.integer(9) };
    });
    const column = (name: string, of: (row: (typeof rowsOfBook)[number]) => number) =>
      numeric(name, rowsOfBook.map(of));
    return table(
      column('bid_price_1', ({ bid }) => bid),
      column('bid_size_1', ({ size }) => size),
      column('ask_price_1', ({ ask }) => ask),
      column('ask_size_1', ({ size }) => size + 1),
    );
  }

  it('looks at series and order books where there are any', async () => {
    const report = await fullReport({
      real: books(900, 1),
      synthetic: books(900, 2),
      sections: ['series', 'order_book', 'utility'],
      series: { features: ['bid_price_1', 'ask_price_1'], iterations: { discriminative: 5, predictive: 5 } },
    });
    expect(fullQualityReportSchema.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
    expect(report.skipped).toEqual([
      { section: 'utility', reason: 'No target was chosen: name a column that is to be learned.' },
    ]);
    expect(report.series).toMatchObject({ key: null, sequences: { real: 1, synthetic: 1 }, window: 24 });
    expect(report.series?.features.map(({ column }) => column)).toEqual(['bid_price_1', 'ask_price_1']);
    expect(report.order_book).toMatchObject({
      levels: 1,
      tick: null,
      validity: { synthetic: { rows: 900, crossed: 0 } },
    });
    const scores = new Map(report.scores.map((score) => [score.name, score]));
    expect(scores.get('order_book_spread')?.value).toBeGreaterThan(0.9);
    expect(scores.get('crossed_rows')).toMatchObject({ value: 0, better: 'lower' });
    expect(scores.get('acf')?.value).toBeGreaterThan(0.9);
    expect(scores.get('discriminative_score')?.floor).toBe(0.5);
    const plain = await fullReport({ real: rows(50, 1), synthetic: rows(50, 2), sections: ['series', 'order_book'] });
    expect(plain.skipped.map(({ section }) => section)).toEqual(['series', 'order_book']);
  });
});

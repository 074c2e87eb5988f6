import { describe, expect, it } from 'vitest';
import { boundaryAdherence, categoryAdherence, diagnosticReport, keyUniqueness } from './diagnostic-report';
import { qualityReport } from './quality-report';
import { independentColumnsReport, realHalvesReport, shuffleColumns, splitHalves } from './reference-reports';
import { categorical, categoryPair, id, numeric, quantityPair, table } from './testing/tables';

const real = table(
  id('key', [1, 2, 3, 4]),
  numeric('x', [0, 1, 2, 3]),
  numeric('y', [0, 1, 2, 3]),
  categorical('c', ['a', 'a', 'b', 'b']),
);

/** 60,000 rows of a number that follows a category. */
function large(): ReturnType<typeof table> {
  const rows = Array.from({ length: 60_000 }, (_, i) => i);
  return table(
    numeric(
      'x',
      rows.map((i) => (i % 7) * 10 + (i % 3)),
    ),
    categorical(
      'c',
      rows.map((i) => `c${i % 7}`),
    ),
  );
}

describe('qualityReport', () => {
  it('is the mean of the shapes and of the pairs, ids left out', () => {
    const synthetic = table(
      categorical('c', ['a', 'a', 'b', 'b']),
      numeric('y', [3, 2, 1, 0]),
      numeric('x', [0, 1, 2, 3]),
    );
    const report = qualityReport(real, synthetic);
    expect(report.columnShapes.columns).toEqual([
      { column: 'x', metric: 'KSComplement', score: 1 },
      { column: 'y', metric: 'KSComplement', score: 1 },
      { column: 'c', metric: 'TVComplement', score: 1 },
    ]);
    const { pairs, score } = report.columnPairTrends;
    expect(pairs.map(({ columns }) => columns.join())).toEqual(['x,y', 'x,c', 'y,c']);
    // ρ turns from 1 to -1; x and c keep their cells; y and c have none in common.
    [0, 1, 0].forEach((expected, i) => expect(pairs[i]?.score).toBeCloseTo(expected, 12));
    pairs.forEach(({ realStrength }) => expect(realStrength).toBeCloseTo(1, 12));
    expect(score).toBeCloseTo(1 / 3, 12);
    expect(report.score).toBeCloseTo(2 / 3, 12);
  });

  it('leaves pairs without a trend out, unless all are to count', () => {
    const flat = table(numeric('x', [0, 0, 1, 1]), numeric('y', [0, 1, 0, 1]));
    const report = qualityReport(flat, flat);
    expect(report.columnPairTrends).toMatchObject({ score: undefined, scoreOfAllPairs: 1 });
    expect(report.score).toBe(1);
    expect(report.columnPairTrends.pairs[0]).toMatchObject({ realStrength: 0, isCounted: false, score: 1 });
    expect(qualityReport(flat, flat, { thresholds: null }).columnPairTrends.score).toBe(1);
    const none = { correlation: 0, association: 0 };
    expect(qualityReport(flat, flat, { thresholds: none }).columnPairTrends.score).toBe(1);
  });

  it('gives no score to a pair with a constant column', () => {
    const constant = table(numeric('x', [0, 1, 2]), numeric('y', [5, 5, 5]));
    const { columnPairTrends } = qualityReport(constant, constant, { thresholds: null });
    expect(columnPairTrends.score).toBeUndefined();
    expect(columnPairTrends.pairs).toMatchObject([{ score: undefined, realStrength: undefined }]);
  });

  it('takes 50,000 seeded rows of larger tables for the contingency', () => {
    const rows = large();
    const score = (seed: number) => qualityReport(rows, rows, { seed }).columnPairTrends.score ?? Number.NaN;
    expect(score(1)).toBe(score(1));
    expect(score(2)).not.toBe(score(1));
    expect(score(1)).toBeGreaterThan(0.98);
    expect(score(1)).toBeLessThan(1);
  });

  it('names the column that does not fit', () => {
    expect(() => qualityReport(real, table(numeric('x', [1])))).toThrow('lacks the column "y"');
    const other = table(numeric('x', [1]), categorical('y', ['1']), categorical('c', ['a']));
    expect(() => qualityReport(real, other)).toThrow('Column "y" is a quantity in the real table and a category');
    expect(() => qualityReport(real, table())).toThrow('The synthetic table has no rows');
    const ragged = table(numeric('x', [1, 2]), numeric('y', [1]));
    expect(() => qualityReport(ragged, real)).toThrow('Column "y" of the real table has 1 rows');
    const misread = table({ name: 'x', role: 'categorical', data: { kind: 'quantity', values: Float64Array.of(1) } });
    expect(() => qualityReport(misread, misread)).toThrow('"x" of the real table is categorical but was read as');
  });
});

describe('floor and ceiling', () => {
  it('keep every shape and lose the trends when columns are shuffled', () => {
    const rows = large();
    const floor = independentColumnsReport(rows, { seed: 3 });
    expect(floor.columnShapes.score).toBe(1);
    expect(floor.columnPairTrends.score).toBeLessThan(0.3);
    expect(independentColumnsReport(rows, { seed: 3 })).toEqual(floor);
    expect(shuffleColumns(rows, 3)).not.toEqual(shuffleColumns(rows, 4));
  });

  it('compare two disjoint halves', () => {
    const key = numeric('x', [1, 2, 3, 4, 5]);
    const halves = splitHalves(table(key), 5).map(({ rowCount, columns: [column] }) => {
      expect(rowCount).toBe(2);
      return column?.data.kind === 'quantity' ? [...column.data.values] : [];
    });
    expect(new Set(halves.flat()).size).toBe(4);
    const ceiling = realHalvesReport(large(), { seed: 5 });
    expect(ceiling.score).toBeGreaterThan(0.97);
    expect(ceiling.score).toBeLessThan(1);
    expect(() => splitHalves(table(numeric('x', [1])), 1)).toThrow('A table of 1 rows has no halves');
  });
});

describe('diagnosticReport', () => {
  it('gives the share of values inside of the real range', () => {
    expect(boundaryAdherence(quantityPair([0, 10, null], [-1, 5, 10, null]))).toBeCloseTo(2 / 3, 15);
    expect(boundaryAdherence(quantityPair([null], [1]))).toBeUndefined();
  });

  it('gives the share of cells whose value is known', () => {
    expect(categoryAdherence(categoryPair(['a', 'b'], ['a', 'z', null, 'b']))).toBe(0.5);
    expect(categoryAdherence(categoryPair(['a', 'b', null], ['a', 'z', null, 'b']))).toBe(0.75);
  });

  it('gives the share of keys that are there and new', () => {
    expect(keyUniqueness(id('key', [1, 2, 2, null]).data)).toBe(0.5);
    expect(keyUniqueness(numeric('key', [1, 2, null, null]).data)).toBe(0.5);
  });

  it('is the mean of validity and structure', () => {
    const synthetic = table(
      id('key', [1, 1, 2, 3]),
      numeric('x', [0, 1, 2, 30]),
      categorical('c', ['a', 'b', 'z', 'z']),
      numeric('extra', [1, 1, 1, 1]),
    );
    expect(diagnosticReport(real, synthetic)).toEqual({
      // Three of five columns are in both; the validity is (3/4 + 3/4 + 1/2) / 3.
      score: expect.closeTo((2 / 3 + 3 / 5) / 2, 12),
      dataValidity: {
        score: expect.closeTo(2 / 3, 12),
        columns: [
          { column: 'key', metric: 'KeyUniqueness', score: 0.75 },
          { column: 'x', metric: 'BoundaryAdherence', score: 0.75 },
          { column: 'c', metric: 'CategoryAdherence', score: 0.5 },
        ],
      },
      dataStructure: { score: 0.6 },
    });
  });

  it('does not judge an id that repeats in the real table', () => {
    const repeated = table(id('order', [1, 1]), numeric('x', [0, 1]));
    expect(diagnosticReport(repeated, repeated).dataValidity.columns).toEqual([
      { column: 'x', metric: 'BoundaryAdherence', score: 1 },
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import { categorical, id, numeric, table } from '../testing/tables';
import { scalesOf } from '../row-space';
import { distanceRatios, distancesToClosest, distancesToClosestTwo } from './closest-record';
import { exactCopies, newRowSynthesis } from './copies';
import { baselineProtection, overfittingProtection, randomRows } from './protection';
import { medianOf } from './rows';

function close(values: readonly number[]): unknown[] {
  return values.map((value) => expect.closeTo(value, 12) as unknown);
}

describe('distancesToClosest', () => {
  it('is 0.2 and 0 for 3 and 5 beside 0, 5, 8, 9 and 10', () => {
    const reference = table(numeric('x', [0, 5, 8, 9, 10]));
    expect([...distancesToClosest(table(numeric('x', [3, 5])), reference)]).toEqual(close([0.2, 0]));
  });

  it('is the mean over the columns, ids left out', () => {
    const reference = table(
      id('key', [1, 2]),
      numeric('x', [0, 10]),
      categorical('c', ['a', 'b']),
      numeric('same', [7, 7]),
    );
    const rows = table(
      id('key', [1, 1, 1]),
      numeric('x', [1, 12, 100]),
      categorical('c', ['a', 'z', 'z']),
      numeric('same', [7, 7, 8]),
    );
    // (0.1 + 0 + 0) / 3; (0.2 + 1 + 0) / 3 to the second; all three columns apart.
    expect([...distancesToClosest(rows, reference)]).toEqual(close([0.1 / 3, 1.2 / 3, 1]));
  });

  it('puts a missing value 0 from another and 1 from any value', () => {
    const reference = table(
      numeric('x', [0, 10, null]),
      categorical('c', ['a', 'a', null]),
      numeric('k', [1, 1, null]),
    );
    const rows = table(numeric('x', [null, null, 0]), categorical('c', [null, 'a', null]), numeric('k', [null, 1, 1]));
    expect([...distancesToClosest(rows, reference)]).toEqual(close([0, 1 / 3, 1 / 3]));
  });

  it('measures on the scales it is given', () => {
    const reference = table(numeric('x', [0, 10]));
    const scales = scalesOf(reference, table(numeric('x', [40])));
    expect([...distancesToClosest(table(numeric('x', [12])), reference, scales)]).toEqual(close([0.05]));
  });

  it('says that there is nothing to measure', () => {
    const keys = table(id('key', [1, 2]));
    expect(() => distancesToClosest(keys, keys)).toThrow('no numeric, categorical or datetime column');
  });
});

describe('distanceRatios', () => {
  it('is the closest by the second closest distance', () => {
    const reference = table(numeric('x', [0, 0, 4, 10]), categorical('c', ['a', 'a', 'b', 'b']));
    const rows = table(numeric('x', [0, 5, 9]), categorical('c', ['a', 'b', 'b']));
    const closest = distancesToClosestTwo(rows, reference);
    expect([...closest.first]).toEqual(close([0, 0.05, 0.05]));
    expect([...closest.second]).toEqual(close([0, 0.25, 0.25]));
    // Two copies of the first row: neither is closer than the other.
    expect([...distanceRatios(closest)]).toEqual(close([1, 0.2, 0.2]));
    expect(closest.first).toEqual(distancesToClosest(rows, reference));
  });

  it('has no second record in a reference of one row', () => {
    const closest = distancesToClosestTwo(table(numeric('x', [1])), table(numeric('x', [2])));
    expect([closest.first[0], closest.second[0]]).toEqual([1, Number.POSITIVE_INFINITY]);
    expect(distanceRatios(closest)[0]).toBe(0);
  });
});

describe('overfittingProtection', () => {
  const training = table(numeric('x', [0, 2, 4, 6]));
  const holdout = table(numeric('x', [1, 3, 5, 10]));

  it('counts the rows that are strictly closer to the training rows', () => {
    // To training and holdout: 0 and 1, 0 and 1, 0 and 1, 0.5 and 0.5 (a tie), 4 and 0.
    const result = overfittingProtection(table(numeric('x', [0, 2, 4, 4.5, 10])), { training, holdout });
    expect(result).toEqual({
      score: expect.closeTo(0.8, 12),
      closerToTraining: 0.6,
      equallyClose: 0.2,
      closerToHoldout: 0.2,
      isHoldoutLargeEnough: true,
      judgedRows: 5,
    });
  });

  it('is 0 for copies of the training rows and 1 for copies of the holdout', () => {
    expect(overfittingProtection(training, { training, holdout }).score).toBe(0);
    expect(overfittingProtection(holdout, { training, holdout }).score).toBe(1);
    const few = table(numeric('x', [1]));
    expect(overfittingProtection(holdout, { training, holdout: few }).isHoldoutLargeEnough).toBe(false);
  });

  it('measures both on one scale, or as SDMetrics each on its own', () => {
    // 3 is 1 from the training row 4 and 1 from the holdout row 2: a tie, unless the holdout range of 100 shrinks it.
    const sides = { training: table(numeric('x', [4, 14])), holdout: table(numeric('x', [2, 102])) };
    const row = table(numeric('x', [3]));
    expect(overfittingProtection(row, sides).equallyClose).toBe(1);
    expect(overfittingProtection(row, sides, { scale: 'own' }).closerToHoldout).toBe(1);
  });

  it('judges a seeded sample', () => {
    const rows = table(numeric('x', [0, 2, 4, 10, 1, 3]));
    const result = overfittingProtection(rows, { training, holdout }, { maxRows: 3, seed: 4 });
    expect(result.judgedRows).toBe(3);
    expect(overfittingProtection(rows, { training, holdout }, { maxRows: 3, seed: 4 })).toEqual(result);
  });
});

describe('baselineProtection', () => {
  const real = table(numeric('x', [0, 1]), categorical('c', ['a', 'b']));

  it('is the ratio of the median distances', () => {
    // Every row is (0.1 + 0) / 2 from a real one.
    const synthetic = table(numeric('x', Array<number>(500).fill(0.1)), categorical('c', Array<string>(500).fill('a')));
    const result = baselineProtection(synthetic, real, { seed: 2 });
    expect(result.syntheticMedian).toBeCloseTo(0.05, 12);
    // A random row is U / 2 from the real row of its category: the median is a quarter.
    expect(result.randomMedian).toBeCloseTo(0.25, 1);
    expect(result.score).toBeCloseTo(0.05 / result.randomMedian, 12);
  });

  it('is 0 for copies and unknown where random rows are copies too', () => {
    expect(baselineProtection(real, real).score).toBe(0);
    const closed = table(categorical('c', ['a', 'b']));
    expect(baselineProtection(closed, closed)).toMatchObject({ score: undefined, randomMedian: 0 });
  });

  it('draws random rows from the domain of each column alone', () => {
    const source = table(id('k', [1, 2]), numeric('x', [5, 6]), categorical('c', ['a', null]));
    const { rowCount, columns } = randomRows(source, 400, 7);
    expect(rowCount).toBe(400);
    expect(columns.map(({ name }) => name)).toEqual(['x', 'c']);
    const [x, c] = columns.map(({ data }) => [...(data.kind === 'quantity' ? data.values : data.codes)]);
    expect(x?.every((value) => value > 5 && value < 6)).toBe(true);
    expect(new Set(c)).toEqual(new Set([0, -1]));
    expect(c?.filter((code) => code === 0).length).toBeGreaterThan(150);
  });
});

describe('exactCopies', () => {
  it('counts copies of real rows and repeated rows', () => {
    const real = table(id('k', [1, 2, 3, 4]), numeric('x', [1, 1, null, 2]), categorical('c', ['a', 'a', 'b', null]));
    const synthetic = table(numeric('x', [null, 1, 1, 2, 2]), categorical('c', ['b', 'a', 'b', 'z', 'z']));
    expect(exactCopies(synthetic, real)).toEqual({
      copied: 0.4,
      repeated: expect.closeTo(0.2, 12),
      repeatedInReal: 0.25,
    });
  });
});

describe('newRowSynthesis', () => {
  const real = table(numeric('x', [100, 200, null]), categorical('c', ['a', 'b', null]));

  it('matches numbers within 1% of the synthetic one and missing values with each other', () => {
    const synthetic = table(
      numeric('x', [101, 102, 101, null, null, 0]),
      categorical('c', ['a', 'a', 'b', null, 'a', 'a']),
    );
    expect(newRowSynthesis(synthetic, real)).toEqual({ score: 4 / 6, newRows: 4, matchedRows: 2 });
    expect(newRowSynthesis(synthetic, real, { tolerance: 0.02 }).matchedRows).toBe(3);
    expect(newRowSynthesis(real, real).score).toBe(0);
  });

  it('judges a seeded sample', () => {
    const synthetic = table(numeric('x', [100, 5, 6, 7]), categorical('c', ['a', 'a', 'a', 'a']));
    const results = [1, 2, 3, 4, 5, 6].map((seed) => newRowSynthesis(synthetic, real, { maxRows: 2, seed }));
    for (const { newRows, matchedRows } of results) expect(newRows + matchedRows).toBe(2);
    expect(new Set(results.map(({ matchedRows }) => matchedRows))).toEqual(new Set([0, 1]));
    expect(newRowSynthesis(synthetic, real, { maxRows: 2, seed: 1 })).toEqual(results[0]);
  });
});

describe('medianOf', () => {
  it('is the middle value or the mean of the two middle ones', () => {
    expect(medianOf(Float64Array.of(3, 1, 2))).toBe(2);
    expect(medianOf(Float64Array.of(4, 1, 2, 3))).toBe(2.5);
    expect(medianOf(new Float64Array())).toBeNaN();
  });
});

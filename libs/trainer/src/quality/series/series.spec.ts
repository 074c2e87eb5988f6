import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { Random } from '../../random/random';
import { categorical, numeric, table } from '../testing/tables';
import { autocorrelation, leverageEffect } from './autocorrelation';
import { earthMoverDistance, excessKurtosis, hillIndex, skewness } from './moments';
import { aggregate, changesOf, sequencesOf, windowsOf } from './sequences';
import { stylisedFacts } from './stylised-facts';

const floats = (...values: number[]) => Float64Array.from(values);

describe('moments', () => {
  it('are those of the binomial with one draw and of a symmetric three-point law', () => {
    // Bernoulli(1/4): skewness (1 - 2p) / √(pq), excess kurtosis (1 - 6pq) / pq.
    expect(skewness(floats(0, 0, 0, 1))).toBeCloseTo(0.5 / Math.sqrt(3 / 16), 12);
    expect(excessKurtosis(floats(0, 0, 0, 1))).toBeCloseTo((1 - 18 / 16) / (3 / 16), 12);
    expect(skewness(floats(-1, 0, 1))).toBeCloseTo(0, 12);
    expect(excessKurtosis(floats(2, 2))).toBeUndefined();
  });

  it("give Hill's index of a tail, 3 for a Pareto law of index 3", () => {
    // The two largest of 40 are e and e² times the third: 2 / (1 + 2).
    const values = floats(...Array<number>(38).fill(1), Math.E, -Math.E * Math.E);
    expect(hillIndex(values)).toBeCloseTo(2 / 3, 12);
    const random = Random.of(1, 'pareto');
    const pareto = Float64Array.from({ length: 50_000 }, () => random.uniform() ** (-1 / 3));
    expect(Math.abs((hillIndex(pareto) ?? 0) - 3)).toBeLessThan(0.2);
    expect(hillIndex(floats(1, 2))).toBeUndefined();
  });

  it('give the earth mover distance of SciPy', () => {
    // The examples of scipy.stats.wasserstein_distance, and two samples of different sizes.
    expect(earthMoverDistance(floats(0, 1, 3), floats(5, 6, 8))).toBeCloseTo(5, 12);
    expect(earthMoverDistance(floats(0, 1), floats(0, 1, 1))).toBeCloseTo(1 / 6, 12);
    expect(earthMoverDistance(floats(1, 2), floats(2, 1))).toBe(0);
    expect(earthMoverDistance(floats(), floats(1))).toBeUndefined();
  });
});

describe('autocorrelation', () => {
  it('has the full-length denominator', () => {
    // Mean 3, squares 10: lag 1 (-2·-1 + -1·0 + 0·1 + 1·2) / 10, lag 2 (0 - 1 + 0) / 10.
    [0.4, -0.1, -0.4, -0.4, undefined].forEach((expected, i) => {
      const found = autocorrelation([floats(1, 2, 3, 4, 5)], 5)[i];
      if (expected === undefined) expect(found).toBeUndefined();
      else expect(found).toBeCloseTo(expected, 12);
    });
  });

  it('reaches from no sequence into the next and skips what is missing', () => {
    // Mean 0 and squares 4; no pair but the two inside: 1·1 and -1·-1.
    expect(autocorrelation([floats(1, 1), floats(-1, -1)], 2)).toEqual([0.5, undefined]);
    expect(autocorrelation([floats(1, Number.NaN, -1)], 2)).toEqual([undefined, -0.5]);
  });

  it('gives the leverage by hand', () => {
    // r = -1, 2, 1, 0 and r² one later = 4, 1, 0: Pearson of (-1, 2, 1) and (4, 1, 0).
    const [first] = leverageEffect([floats(-1, 2, 1, 0)], 1);
    const [x, y] = [
      [-5 / 3, 4 / 3, 1 / 3],
      [7 / 3, -2 / 3, -5 / 3],
    ];
    const dot = (a: number[], b: number[]) => a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
    expect(first).toBeCloseTo(dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y)), 12);
  });
});

describe('sequencesOf', () => {
  const rows = table(
    categorical('ticker', ['a', 'b', 'a', 'b', 'a']),
    numeric('t', [3, 1, 1, 2, 2]),
    numeric('price', [4, 10, 1, 20, 2]),
  );

  it('takes the sequences of a key apart, in the order of time', () => {
    const { features, sequences } = sequencesOf(rows, { key: 'ticker', time: 't' });
    expect(features).toEqual(['price']);
    expect(sequences).toEqual([[floats(1, 2, 4)], [floats(10, 20)]]);
    expect(sequencesOf(rows, { features: ['price'] }).sequences).toEqual([[floats(4, 10, 1, 20, 2)]]);
    expect(() => sequencesOf(rows, { key: 'isin' })).toThrow('lacks the key column "isin"');
    expect(() => sequencesOf(rows, { features: ['ticker'] })).toThrow(
      '"ticker" is a category where a series takes numbers',
    );
  });

  it('gives changes, sums of changes and windows', () => {
    expect(changesOf(floats(1, Math.E, 0), 'log_returns')).toEqual(floats(1, Number.NaN));
    expect(changesOf(floats(1, 3, 2), 'differences')).toEqual(floats(2, -1));
    expect(aggregate(floats(1, 2, 3, 4, 5), 2)).toEqual(floats(3, 7));
    expect(aggregate(floats(1, Number.NaN, 3, 4), 2)).toEqual(floats(7));
    const windows = windowsOf(sequencesOf(rows, { key: 'ticker', time: 't', features: ['t', 'price'] }), 2);
    expect(windows).toEqual([floats(1, 1, 2, 2), floats(2, 2, 3, 4), floats(1, 10, 2, 20)]);
  });
});

describe('stylisedFacts', () => {
  it('is without distance from itself and sees that shuffled returns cluster no more', () => {
    const random = Random.of(3, 'clusters');
    const noise = random.fillNormal(new Float32Array(4_000));
    // Calm and wild spells of 200 steps.
    const returns = Array.from(noise, (value, t) => value * (Math.floor(t / 200) % 2 === 0 ? 0.005 : 0.03));
    const real = table(numeric('r', returns));
    const same = stylisedFacts(real, real, { changes: 'none' })[0];
    expect(same).toMatchObject({
      acf: { distance: 0, score: 1 },
      leverage: { score: 1 },
      aggregated: [{ emd: 0 }, {}, {}, {}],
    });
    const order = Random.of(4).permutation(returns.length);
    const torn = table(
      numeric(
        'r',
        Array.from(order, (row) => returns[row] ?? 0),
      ),
    );
    const facts = stylisedFacts(real, torn, { changes: 'none' })[0];
    expect(facts?.acfAbsolute.real[0]).toBeGreaterThan(0.3);
    expect(facts?.acfAbsolute.distance).toBeGreaterThan(0.2);
    expect(facts?.acf.distance).toBeLessThan(0.05);
    expect(facts?.aggregated[0]?.emd).toBe(0);
  });

  it('takes log returns of prices, differences of what may be negative, and names a series that is too short', () => {
    const up = table(numeric('p', [1, Math.E, Math.E ** 3, Math.E ** 4]), numeric('d', [-1, 0, 2, 3]));
    const [p, d] = stylisedFacts(up, up);
    expect([p?.changes, d?.changes]).toEqual(['log_returns', 'differences']);
    expect(p?.skewness.real).toBeCloseTo(d?.skewness.real ?? Number.NaN, 9);
    const short = table(numeric('p', [1, 2, 3]));
    expect(() => stylisedFacts(short, short)).toThrow('Column "p" of the real table has 2 changes');
  });
});

const sp500 = fileURLToPath(new URL('../../../../../node_modules/vega-datasets/data/sp500-2000.csv', import.meta.url));
const isPresent = existsSync(sp500);
describe.skipIf(!isPresent)(
  `S&P 500${isPresent ? '' : ' (skipped: the package vega-datasets is not installed)'}`,
  () => {
    it('has the published moments and autocorrelations of 2009 to 2019', () => {
      const [header = '', ...lines] = readFileSync(sp500, 'utf8').trimEnd().split('\n');
      const [date, close] = ['date', 'close'].map((name) => header.split(',').indexOf(name));
      const prices = lines
        .map((line) => line.split(','))
        .filter((cells) => (cells[date ?? 0] ?? '') >= '2009-01-01' && (cells[date ?? 0] ?? '') <= '2019-12-30')
        .map((cells) => Number(cells[close ?? 0]));
      const index = table(numeric('close', prices));
      const facts = stylisedFacts(index, index)[0];
      expect(facts?.skewness.real).toBeCloseTo(-0.3497, 4);
      expect(facts?.excessKurtosis.real).toBeCloseTo(5.088, 3);
      [0.21, 0.246, 0.219, 0.165, 0.075].forEach((expected, i) =>
        expect(facts?.acfAbsolute.real[[0, 4, 9, 19, 49][i] ?? 0]).toBeCloseTo(expected, 2),
      );
      [-0.118, -0.105, -0.057].forEach((expected, i) =>
        expect(facts?.leverage.real[[0, 1, 4][i] ?? 0]).toBeCloseTo(expected, 2),
      );
    });
  },
);

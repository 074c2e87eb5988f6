import { businessDayFrom, nextBusinessDay } from './business-days';
import { Random } from './random';

/** Maturities in months under the names that the table has for them. */
export const maturities = [
  ['1M', 1],
  ['3M', 3],
  ['6M', 6],
  ['1Y', 12],
  ['2Y', 24],
  ['3Y', 36],
  ['5Y', 60],
  ['7Y', 84],
  ['10Y', 120],
  ['20Y', 240],
  ['30Y', 360],
] as const;

const firstDay = Date.UTC(2000, 0, 3);
/** Diebold and Li (2006): puts the curvature's maximum at 30 months. */
const decay = 0.0609;
/** Daily AR(1) of the three factors, in percent: level, slope, curvature. */
const factors = [
  { mean: 5, persistence: 0.9985, deviation: 0.045 },
  { mean: -1.8, persistence: 0.998, deviation: 0.06 },
  { mean: -0.8, persistence: 0.996, deviation: 0.1 },
] as const;
const measurementDeviation = 0.01;
const lowestYield = 0.01;

/**
 * Par yields in percent on business days, as CSV lines with a header: a Nelson-Siegel (1987) curve whose factors
 * follow AR(1) processes (Diebold and Li, 2006), plus a basis point of noise at each maturity.
 */
export function* yieldCurve({ rows, seed }: { rows: number; seed: number }): Generator<string> {
  yield `date,${maturities.map(([name]) => name).join(',')}\n`;
  const random = new Random(seed);
  const state = factors.map(({ mean }) => mean as number);
  const loadings = maturities.map(([, months]) => loadingsAt(months));
  let day = businessDayFrom(firstDay);
  for (let row = 0; row < rows; row++) {
    for (const [index, { mean, persistence, deviation }] of factors.entries()) {
      state[index] = mean + persistence * ((state[index] ?? mean) - mean) + deviation * random.normal();
    }
    const yields = loadings.map((loading) => {
      const curve = loading.reduce((sum, weight, index) => sum + weight * (state[index] ?? 0), 0);
      return Math.max(lowestYield, curve + measurementDeviation * random.normal()).toFixed(2);
    });
    yield `${new Date(day).toISOString().slice(0, 10)},${yields.join(',')}\n`;
    day = nextBusinessDay(day);
  }
}

/** Weights of level, slope and curvature at a maturity. */
function loadingsAt(months: number): [number, number, number] {
  const scaled = decay * months;
  const slope = (1 - Math.exp(-scaled)) / scaled;
  return [1, slope, slope - Math.exp(-scaled)];
}

import type { Random } from '../src/random/random';

export type Point = readonly [number, number];

/** One normal distribution of the plane, with variances along the axes. */
export interface PlaneComponent {
  weight: number;
  mean: Point;
  variance: Point;
}
export type PlaneMixture = readonly PlaneComponent[];

/** Added to each variance, so that a component of equal points keeps a width. */
const varianceFloor = 1e-6;
const mostIterations = 100;
const tolerance = 1e-3;

/** Points of a mixture. */
export function drawPoints(mixture: PlaneMixture, count: number, random: Random): Point[] {
  const noise = random.fillNormal(new Float32Array(2 * count));
  return Array.from({ length: count }, (_, i) => {
    const { mean, variance } = mixture[choose(mixture, random)] as PlaneComponent;
    const [x, y] = [noise[2 * i] ?? 0, noise[2 * i + 1] ?? 0];
    return [mean[0] + Math.sqrt(variance[0]) * x, mean[1] + Math.sqrt(variance[1]) * y];
  });
}

function choose(mixture: PlaneMixture, random: Random): number {
  const drawn = random.uniform();
  let sum = 0;
  const chosen = mixture.findIndex(({ weight }) => (sum += weight) >= drawn);
  return chosen < 0 ? mixture.length - 1 : chosen;
}

/** Mean logarithm of the density of a mixture at the points, in nats a point. */
export function meanLogLikelihood(mixture: PlaneMixture, points: readonly Point[]): number {
  const logs = new Float64Array(mixture.length);
  return points.reduce((sum, point) => sum + logDensity(mixture, point, logs), 0) / points.length;
}

/** @param logs written: ln (weight · density) of each component */
function logDensity(mixture: PlaneMixture, [x, y]: Point, logs: Float64Array): number {
  let top = Number.NEGATIVE_INFINITY;
  mixture.forEach(({ weight, mean, variance }, k) => {
    const distance = (x - mean[0]) ** 2 / variance[0] + (y - mean[1]) ** 2 / variance[1];
    const log = Math.log(weight) - (distance + Math.log(variance[0] * variance[1])) / 2 - Math.log(2 * Math.PI);
    logs[k] = log;
    top = Math.max(top, log);
  });
  return top + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - top), 0));
}

/**
 * Expectation maximisation for a mixture with diagonal covariances (Bishop 2006, section 9.2), started `starts` times from
 * points that lie apart (k-means++: Arthur and Vassilvitskii 2007); the start that explains the points best is kept.
 */
export function fitMixture(points: readonly Point[], components: number, random: Random, starts = 3): PlaneMixture {
  const fits = Array.from({ length: starts }, () => fitOnce(points, components, random));
  return fits.reduce((best, fit) => (fit.likelihood > best.likelihood ? fit : best)).mixture;
}

function fitOnce(points: readonly Point[], components: number, random: Random) {
  let mixture = firstMixture(points, components, random);
  let likelihood = Number.NEGATIVE_INFINITY;
  for (let iteration = 0; iteration < mostIterations; iteration++) {
    const step = improve(mixture, points);
    mixture = step.mixture;
    const gain = step.likelihood - likelihood;
    likelihood = step.likelihood;
    if (gain < tolerance) break;
  }
  return { mixture, likelihood };
}

/** Centres drawn by their squared distance to the nearest one so far, with the variance of points that belong to them. */
function firstMixture(points: readonly Point[], components: number, random: Random): PlaneMixture {
  const centres: Point[] = [points[random.integer(points.length)] as Point];
  const nearest = new Float64Array(points.length).fill(Number.POSITIVE_INFINITY);
  const owners = new Int32Array(points.length);
  for (;;) {
    const last = centres[centres.length - 1] as Point;
    points.forEach((point, i) => {
      const distance = squaredDistance(point, last);
      if (distance >= (nearest[i] as number)) return;
      nearest[i] = distance;
      owners[i] = centres.length - 1;
    });
    if (centres.length === components) break;
    const total = nearest.reduce((sum, distance) => sum + distance, 0);
    let left = random.uniform() * total;
    const drawn = nearest.findIndex((distance) => (left -= distance) <= 0);
    centres.push(points[Math.max(0, drawn)] as Point);
  }
  return centres.map((_, k) => ofPoints(points.map((point, i) => [point, owners[i] === k ? 1 : 0] as const)));
}

function squaredDistance(a: Point, b: Point): number {
  return (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2;
}

function improve(mixture: PlaneMixture, points: readonly Point[]) {
  const logs = new Float64Array(mixture.length);
  const shares = mixture.map(() => new Float64Array(points.length));
  let likelihood = 0;
  points.forEach((point, i) => {
    const total = logDensity(mixture, point, logs);
    likelihood += total;
    shares.forEach((share, k) => (share[i] = Math.exp((logs[k] as number) - total)));
  });
  const next = shares.map((share) => ofPoints(points.map((point, i) => [point, share[i] as number] as const)));
  return { mixture: next, likelihood: likelihood / points.length };
}

/** The component that weighted points make. */
function ofPoints(weighted: readonly (readonly [Point, number])[]): PlaneComponent {
  const total = weighted.reduce((sum, [, weight]) => sum + weight, 0) + 1e-12;
  const meanOf = (axis: 0 | 1) => weighted.reduce((sum, [point, weight]) => sum + weight * point[axis], 0) / total;
  const mean: Point = [meanOf(0), meanOf(1)];
  const varianceOf = (axis: 0 | 1) =>
    varianceFloor +
    weighted.reduce((sum, [point, weight]) => sum + weight * (point[axis] - mean[axis]) ** 2, 0) / total;
  return { weight: total / weighted.length, mean, variance: [varianceOf(0), varianceOf(1)] };
}

import type { PlaneComponent, PlaneMixture } from './diagonal-mixture';

/** Variance of each mode along both axes. */
const variance = 0.05;

const even = (means: readonly (readonly [number, number])[]): PlaneMixture =>
  means.map((mean): PlaneComponent => ({ weight: 1 / means.length, mean, variance: [variance, variance] }));

/** What a simulated table is drawn from, and how many components are fitted to rows like it. */
export interface SimulatedData {
  name: string;
  mixture: PlaneMixture;
  fittedComponents: number;
}

/**
 * The simulated data of the benchmark of Xu et al. 2019 (section 5.1, after Srivastava et al. 2017): 8 modes on the unit
 * circle, and 25 on a grid whose lines are 2 apart, each of variance 0.05.
 */
export const simulatedData: readonly SimulatedData[] = [
  {
    name: 'ring',
    mixture: even(
      Array.from({ length: 8 }, (_, k) => [Math.cos((Math.PI * k) / 4), Math.sin((Math.PI * k) / 4)] as const),
    ),
    fittedComponents: 10,
  },
  {
    name: 'grid',
    mixture: even(Array.from({ length: 25 }, (_, k) => [2 * (k % 5) - 4, 2 * Math.floor(k / 5) - 4] as const)),
    fittedComponents: 30,
  },
];

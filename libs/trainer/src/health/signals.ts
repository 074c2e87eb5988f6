import type { QualityUpdate } from '@gan-dashboard/shared-types';
import type { MetricWindows } from './metric-windows';

/** Windows of ten steps that "now" is. */
const recentWindows = 10;
/** An improvement of the overall score that counts as one. */
const improvement = 0.01;
const fewestMeasured = 4;

/** What the rules look at: the metrics of steps in windows of ten, and what was measured of the rows. */
export class Signals {
  constructor(
    private readonly windows: MetricWindows,
    /** Oldest first. */
    readonly measured: readonly QualityUpdate[],
    readonly config: Readonly<Record<string, unknown>>,
  ) {}

  has(name: string): boolean {
    return this.windows.of(name).length > 0;
  }

  all(name: string): readonly number[] {
    return this.windows.of(name);
  }

  /** The newest windows: 100 steps. */
  recent(name: string): readonly number[] {
    return this.windows.of(name).slice(-recentWindows);
  }

  /** Windows so far, whatever is measured. */
  get length(): number {
    return Math.max(this.all('generator_loss').length, this.all('loss').length);
  }

  /** The last two measurements, undefined where there are fewer: what one alone says may be chance. */
  get lastTwo(): readonly [QualityUpdate, QualityUpdate] | undefined {
    const [before, last] = this.measured.slice(-2);
    return before && last ? [before, last] : undefined;
  }

  /**
   * Whether the quality has stopped to improve: the later half of the measurements has none that is better than the best
   * of the earlier half. Undefined with fewer than four.
   */
  get isStagnant(): boolean | undefined {
    if (this.measured.length < fewestMeasured) return undefined;
    const half = this.measured.length >> 1;
    const best = (updates: readonly QualityUpdate[]) =>
      Math.max(...updates.map(({ scores }) => scores.overall?.value ?? 0));
    return best(this.measured.slice(half)) <= best(this.measured.slice(0, half)) + improvement;
  }
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function deviation(values: readonly number[]): number {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
}

/** How often a series crosses its own mean. */
export function crossings(values: readonly number[]): number {
  const middle = mean(values);
  return values.filter((value, i) => i > 0 && value > middle !== (values[i - 1] ?? 0) > middle).length;
}

/** Steps whose mean is one point. */
const windowSteps = 10;
const mostWindows = 400;

/** Means of each metric over windows of ten steps: the newest 400 of them. */
export class MetricWindows {
  private readonly means = new Map<string, number[]>();
  private sums = new Map<string, number>();
  private steps = 0;

  add(metrics: Record<string, number>): void {
    for (const [name, value] of Object.entries(metrics)) this.sums.set(name, (this.sums.get(name) ?? 0) + value);
    if (++this.steps < windowSteps) return;
    for (const [name, sum] of this.sums) {
      const series = this.means.get(name) ?? [];
      series.push(sum / this.steps);
      if (series.length > mostWindows) series.shift();
      this.means.set(name, series);
    }
    this.sums = new Map();
    this.steps = 0;
  }

  /** Oldest first; empty where the metric is not measured. */
  of(name: string): readonly number[] {
    return this.means.get(name) ?? [];
  }
}

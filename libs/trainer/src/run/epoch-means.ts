import type { StepMetrics } from '../engine/engine';

/** Sums of an epoch's metrics; kept in checkpoints so that a resumed epoch ends with the same means. */
export interface EpochSums {
  steps: number;
  sums: Record<string, number>;
}

export class EpochMeans {
  private current: EpochSums;

  constructor(sums: EpochSums = { steps: 0, sums: {} }) {
    this.current = { steps: sums.steps, sums: { ...sums.sums } };
  }

  add(metrics: StepMetrics): void {
    this.current.steps++;
    for (const [name, value] of Object.entries(metrics)) {
      this.current.sums[name] = (this.current.sums[name] ?? 0) + value;
    }
  }

  /** The means over the epoch so far; the next epoch begins. */
  take(): Record<string, number> {
    const { steps, sums } = this.current;
    this.current = { steps: 0, sums: {} };
    return Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, sum / steps]));
  }

  getSums(): EpochSums {
    return { steps: this.current.steps, sums: { ...this.current.sums } };
  }
}

import { Injectable, Logger } from '@nestjs/common';
import type { SeriesPoints } from '../history/metric-segments';
import { MetricStore } from '../history/metric-store';
import { WorkerRegistry } from './worker-registry';

/** Measurements that go into the store together: one row for each would be many small ones. */
const batchSize = 6;
/** While the store cannot be written, the newest measurements are kept for it, and older ones are lost. */
const mostWaiting = 720;

interface Measurement {
  step: number;
  at: Date;
  values: Readonly<Record<string, number>>;
}

/** Keeps what was measured of this process's machine, as metric series of the worker; a step is a measurement. */
@Injectable()
export class WorkerHistory {
  private readonly logger = new Logger(WorkerHistory.name);
  private waiting: Measurement[] = [];
  private steps = 0;

  constructor(
    private readonly store: MetricStore,
    private readonly registry: WorkerRegistry,
  ) {}

  /** Takes a measurement, and writes those that wait when they are enough. */
  async add(values: Readonly<Record<string, number>>, at: Date): Promise<void> {
    this.waiting = [...this.waiting, { step: this.steps++, at, values }].slice(-mostWaiting);
    if (this.waiting.length % batchSize === 0) await this.flush();
  }

  /** Writes what waits; what cannot be written waits for the next time. */
  async flush(): Promise<void> {
    const written = this.waiting;
    if (written.length === 0) return;
    try {
      await this.store.append(this.registry.id, seriesOf(written));
      this.waiting = this.waiting.slice(written.length);
    } catch (error) {
      this.logger.debug(`what was measured was not written: ${String(error)}`);
    }
  }
}

/** Series with the same steps share their arrays, as the store likes it. */
function seriesOf(measurements: readonly Measurement[]): SeriesPoints[] {
  const keys = new Set(measurements.flatMap(({ values }) => Object.keys(values)));
  const whole = axisOf(measurements);
  return [...keys].map((key) => {
    const own = measurements.filter(({ values }) => key in values);
    const axis = own.length === measurements.length ? whole : axisOf(own);
    return { key, ...axis, values: own.map(({ values }) => values[key] ?? Number.NaN) };
  });
}

function axisOf(measurements: readonly Measurement[]): Pick<SeriesPoints, 'steps' | 'times'> {
  return { steps: measurements.map(({ step }) => step), times: measurements.map(({ at }) => at.getTime()) };
}

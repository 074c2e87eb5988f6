import { DestroyRef, Injectable, inject, signal } from '@angular/core';
import { toApiProblem } from '../../api/api-problem';
import type { ApiProblem } from '../../api/api-problem';
import type { StepRange } from '../../charts/metric/metric-line';
import { pointsFromHistory, withDetail } from '../metric-points';
import type { MetricPoints } from '../metric-points';
import { RunPageApi } from '../page/run-page-api';

/** A drag or a wheel passes many ranges; only where it comes to rest is read. */
const restMs = 180;
const detailPoints = 2_000;

interface Reading {
  readonly range: StepRange;
  readonly series: ReadonlyMap<string, MetricPoints>;
}

/** The range that a chart is zoomed to, read in as much detail as the screen can show. */
@Injectable()
export class RangeDetail {
  private readonly api = inject(RunPageApi);
  private readonly readings = signal<ReadonlyMap<string, Reading>>(new Map());
  private readonly wanted = new Map<string, string>();
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>();
  readonly problem = signal<ApiProblem | null>(null);

  constructor() {
    inject(DestroyRef).onDestroy(() => this.timers.forEach((timer) => clearTimeout(timer)));
  }

  /** The points with the detail that was read for `key`, where there is some. */
  join(key: string, points: MetricPoints): MetricPoints {
    const reading = this.readings().get(key);
    return reading ? withDetail(points, reading.series.get(points.name), reading.range) : points;
  }

  /** Reads a range for `key` once it rests; what is shown already is not read again. */
  want(key: string, runId: string, names: readonly string[], range: StepRange): void {
    const wish = [runId, range.from, range.to, ...names].join();
    if (this.wanted.get(key) === wish) return;
    this.wanted.set(key, wish);
    clearTimeout(this.timers.get(key));
    const timer = setTimeout(
      () => void this.read(key, wish, () => this.api.metrics(runId, names, range, detailPoints), range),
      restMs,
    );
    this.timers.set(key, timer);
  }

  forget(key: string): void {
    clearTimeout(this.timers.get(key));
    this.wanted.delete(key);
    if (!this.readings().has(key)) return;
    this.readings.update((readings) => new Map([...readings].filter(([each]) => each !== key)));
  }

  private async read(key: string, wish: string, ask: () => ReturnType<RunPageApi['metrics']>, range: StepRange) {
    try {
      const { series } = await ask();
      if (this.wanted.get(key) !== wish) return;
      const byName = new Map(series.map((each) => [each.name, pointsFromHistory(each)]));
      this.readings.update((readings) => new Map(readings).set(key, { range, series: byName }));
      this.problem.set(null);
    } catch (error) {
      if (this.wanted.get(key) !== wish) return;
      this.wanted.delete(key);
      this.problem.set(toApiProblem(error));
    }
  }
}

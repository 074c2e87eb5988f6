import {
  ChangeDetectionStrategy,
  Component,
  DestroyRef,
  computed,
  effect,
  inject,
  input,
  signal,
  untracked,
} from '@angular/core';
import type { OnInit } from '@angular/core';
import { takeUntilDestroyed, toSignal } from '@angular/core/rxjs-interop';
import { ActivatedRoute, Router } from '@angular/router';
import { queryOf, strongestSmoothing, viewFrom } from '../../charts/metric/chart-view';
import type { ChartView } from '../../charts/metric/chart-view';
import type { ChartMark } from '../../charts/metric/chart-words';
import { MetricChart } from '../../charts/metric/metric-chart';
import { xAxes } from '../../charts/metric/axis';
import { stepsInSight, windowFrom, windowText, wholeRun } from '../../charts/metric/window';
import type { ChartWindow } from '../../charts/metric/window';
import { LiveEvents } from '../../live/live-events';
import { ProblemNotice } from '../../problems/problem-notice';
import { copyText } from '../log-text';
import { noPoints } from '../metric-points';
import { QualityChart } from '../quality/quality-chart';
import type { RunPicture } from '../run-picture';
import { chartPlans, lineOf } from './chart-lines';
import { maxMarks } from './chart-marks';
import { emptyReason } from './empty-reason';
import { RangeDetail } from './range-detail';
import { RunMarks } from './run-marks';

const axisLabels = {
  step: $localize`Step`,
  epoch: $localize`Epoch`,
  relative: $localize`Relative time`,
  wall: $localize`Wall time`,
} as const;
/** The key under which charts that go together keep their window. */
const together = '';

/** The charts of a run with what is chosen for all of them. The address says everything that was chosen. */
@Component({
  selector: 'gd-metric-charts',
  imports: [MetricChart, ProblemNotice, QualityChart],
  providers: [RangeDetail, RunMarks],
  templateUrl: './metric-charts.html',
  styleUrl: './metric-charts.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class MetricCharts implements OnInit {
  readonly picture = input.required<RunPicture>();
  readonly note = input('');

  private readonly live = inject(LiveEvents);
  private readonly destroyRef = inject(DestroyRef);
  private readonly router = inject(Router);
  private readonly route = inject(ActivatedRoute);
  protected readonly detail = inject(RangeDetail);
  protected readonly happened = inject(RunMarks);
  private readonly query = toSignal(this.route.queryParamMap, { initialValue: this.route.snapshot.queryParamMap });
  private readonly windows = signal<ReadonlyMap<string, ChartWindow>>(new Map());
  private readonly crosshair = signal<{ chart: string; step: number } | null>(null);
  protected readonly copied = signal('');

  protected readonly axes = xAxes.map((axis) => ({ axis, label: axisLabels[axis] }));
  protected readonly strongest = strongestSmoothing;
  protected readonly view = computed(() => viewFrom(this.query()), { equal: sameView });
  protected readonly full = computed(() => this.query().get('chart'));
  private readonly series = computed(() => this.picture().series);
  private readonly names = computed(() => [...this.series().keys()].toSorted(), {
    equal: (a, b) => a.join() === b.join(),
  });
  protected readonly plans = computed(() => chartPlans(this.names()));
  protected readonly startedAt = computed(() =>
    Date.parse(this.picture().run.started_at ?? this.picture().run.created_at),
  );
  protected readonly whyEmpty = computed(() => emptyReason(this.picture().run));
  protected readonly marks = computed(() => [
    ...this.picture()
      .checkpoints.slice(0, maxMarks)
      .map(({ step, epoch }): ChartMark => ({
        kind: 'checkpoint',
        step,
        label: $localize`checkpoint of epoch ${epoch}`,
      })),
    ...this.happened.with(this.picture().run.health),
  ]);
  private readonly runId = computed(() => this.picture().run.id);
  private readonly newestStep = computed(() =>
    Math.max(0, ...[...this.series().values()].map(({ step }) => step.at(-1) ?? 0)),
  );
  protected readonly charts = computed(() =>
    this.plans().map((plan) => {
      const key = this.keyOf(plan.id);
      const lines = plan.names.map((name) =>
        lineOf(name, this.detail.join(key, this.series().get(name) ?? noPoints(name))),
      );
      return { ...plan, lines };
    }),
  );

  constructor() {
    // The first time, and by the buttons for back and forward.
    effect(() => {
      this.query();
      untracked(() => this.takeAddress());
    });
    effect(() => this.readDetail());
    effect(() => void this.happened.open(this.runId()));
  }

  /** Not in the constructor: a message may come before the picture, as the charts are loaded on their own. */
  ngOnInit(): void {
    this.live.messages.pipe(takeUntilDestroyed(this.destroyRef)).subscribe((message) => {
      if (!('seq' in message) || message.run_id !== this.picture().run.id) return;
      this.happened.hear(message, this.newestStep());
    });
    this.live.resync.pipe(takeUntilDestroyed(this.destroyRef)).subscribe(() => void this.happened.read());
  }

  protected windowOf(id: string): ChartWindow {
    return this.windows().get(this.keyOf(id)) ?? wholeRun;
  }

  protected crosshairOf(id: string): number | null {
    const at = this.crosshair();
    return at && (this.view().isLinked || at.chart === id) ? at.step : null;
  }

  protected pointAt(id: string, step: number | null): void {
    this.crosshair.set(step === null ? null : { chart: id, step });
  }

  protected show(id: string, window: ChartWindow): void {
    const key = this.keyOf(id);
    this.windows.update((windows) => new Map(windows).set(key, window));
    this.go({ [parameterOf(key)]: windowText(window) });
  }

  protected change(change: Partial<ChartView>): void {
    this.go(queryOf({ ...this.view(), ...change }));
  }

  protected showFull(id: string, isFull: boolean): void {
    this.go({ chart: isFull ? id : null });
  }

  protected async copyLink(id: string): Promise<void> {
    const url = new URL(location.href);
    url.searchParams.set('chart', id);
    try {
      await copyText(url.href);
      this.copied.set($localize`Link copied`);
    } catch (error) {
      this.copied.set(error instanceof Error ? error.message : $localize`The browser refused to copy.`);
    }
  }

  private keyOf(id: string): string {
    return this.view().isLinked ? together : id;
  }

  /** What is in buckets and zoomed into is read again for that range alone. */
  private readDetail(): void {
    const { id } = this.picture().run;
    for (const key of new Set(this.plans().map((plan) => this.keyOf(plan.id)))) {
      const window = this.windows().get(key) ?? wholeRun;
      const names =
        key === together
          ? this.plans().flatMap((plan) => plan.names)
          : (this.plans().find((plan) => plan.id === key)?.names ?? []);
      const isRough = names.some((name) => this.series().get(name)?.isComplete === false);
      if (window.mode === 'frozen' && isRough) {
        this.detail.want(
          key,
          id,
          names.filter((name) => this.series().has(name)),
          stepsInSight(window, window),
        );
      } else untracked(() => this.detail.forget(key));
    }
  }

  private windowsOfAddress(): ReadonlyMap<string, ChartWindow> {
    const parameters = this.query().keys.filter((name) => name === 'zoom' || name.startsWith('zoom.'));
    return new Map(
      parameters.map((name) => [
        name === 'zoom' ? together : name.slice(5),
        windowFrom(this.query().get(name), untracked(this.newestStep)),
      ]),
    );
  }

  private takeAddress(): void {
    const asked = this.windowsOfAddress();
    const isSame = [...new Set([...asked.keys(), ...this.windows().keys()])].every(
      (key) => windowText(asked.get(key) ?? wholeRun) === windowText(this.windows().get(key) ?? wholeRun),
    );
    if (!isSame) this.windows.set(asked);
  }

  private go(queryParams: Record<string, string | null>): void {
    this.router
      .navigate([], { relativeTo: this.route, queryParams, queryParamsHandling: 'merge', replaceUrl: true })
      .catch((error: unknown) => console.error('The address could not be changed', error));
  }
}

function parameterOf(key: string): string {
  return key === together ? 'zoom' : `zoom.${key}`;
}

function sameView(a: ChartView, b: ChartView): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

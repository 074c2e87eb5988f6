import {
  ChangeDetectionStrategy,
  Component,
  ElementRef,
  afterRenderEffect,
  computed,
  inject,
  input,
  linkedSignal,
  output,
  signal,
  viewChild,
} from '@angular/core';
import { LogarithmicScale } from 'chart.js';
import type { ChartData, ChartOptions, Plugin } from 'chart.js';
import { BaseChartDirective, provideCharts } from 'ng2-charts';
import { formatCount, formatMetric } from '../../design/format';
import { Icon } from '../../design/icon';
import { Toasts } from '../../design/toast';
import { Theme } from '../../shell/theme';
import { resolveColor } from '../chart-colors';
import { lineRegisterables } from '../chart-setup';
import { NearSight } from '../near-sight';
import { Printing } from '../printing';
import { axisTitles, positionAt, positionsOf, stepAt } from './axis';
import { chartPicture, copyPicture } from './chart-picture';
import type { ChartView } from './chart-view';
import { chartCsv, chartWords, positionText, sameMarks } from './chart-words';
import type { ChartMark } from './chart-words';
import { drawingOf } from './drawing';
import type { Drawing, DrawnPoint } from './drawing';
import { firstAtLeast, stepsOf } from './metric-line';
import type { MetricLine } from './metric-line';
import { metricOptions } from './metric-options';
import { frozenAt, newSince, panned, stepsInSight, tailOf, wholeRun, zoomed } from './window';
import type { ChartWindow } from './window';
import { saveBlob } from './save-file';
import { AriaLabel } from '../../design/aria-label';

const tableRows = 200;
/** A drag of fewer pixels is a click. */
const leastDragPx = 6;
const nothingDrawn: Drawing = { lines: [], x: { min: 0, max: 1 }, y: null, cutCount: 0 };

/**
 * Metrics over a run: zoomed without losing its place, with a crosshair, marks, gaps, a table and a sentence. Far out of
 * sight it keeps its place, its values and its sentence, but draws nothing.
 */
@Component({
  selector: 'gd-metric-chart',
  imports: [AriaLabel, BaseChartDirective, Icon, NearSight],
  providers: [provideCharts({ registerables: [...lineRegisterables, LogarithmicScale] })],
  templateUrl: './metric-chart.html',
  styleUrl: './metric-chart.scss',
  host: { '[class.full]': 'isFull()', '[attr.data-chart]': 'chartId()' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class MetricChart {
  readonly chartId = input.required<string>();
  readonly title = input.required<string>();
  readonly lines = input.required<readonly MetricLine[]>();
  readonly view = input.required<ChartView>();
  readonly window = input<ChartWindow>(wholeRun);
  readonly marks = input<readonly ChartMark[]>([]);
  /** Milliseconds since 1970. */
  readonly startedAt = input(0);
  /** Why the chart does not move; empty while it does. */
  readonly note = input('');
  /** Stands in the place of the drawing as long as there is no value. */
  readonly whyEmpty = input($localize`No value yet.`);
  /** The step under the crosshair, of this chart or of one that goes with it; null: none. */
  readonly crosshair = input<number | null>(null);
  readonly isFull = input(false);

  readonly windowChange = output<ChartWindow>();
  readonly crosshairChange = output<number | null>();
  readonly fullChange = output<boolean>();
  readonly linkWish = output();

  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  private readonly theme = inject(Theme);
  private readonly toasts = inject(Toasts);
  private readonly chart = viewChild(BaseChartDirective);
  private readonly hidden = signal<ReadonlySet<string>>(new Set());
  private readonly printing = inject(Printing);
  protected readonly isNear = signal(false);
  protected readonly isTable = signal(false);
  /** Pixels of a range that is being dragged. */
  protected readonly dragged = signal<{ from: number; to: number } | null>(null);
  protected readonly crosshairPx = signal<number | null>(null);

  protected readonly formatMetric = formatMetric;
  protected readonly formatCount = formatCount;
  protected readonly extent = computed(() => stepsOf(this.lines()) ?? { from: 0, to: 1 });
  protected readonly sight = computed(() => stepsInSight(this.window(), this.extent()));
  protected readonly longest = computed(() =>
    this.lines().reduce<MetricLine | null>(
      (best, line) => (line.step.length > (best?.step.length ?? 0) ? line : best),
      null,
    ),
  );
  private readonly shown = computed(() => this.lines().filter(({ label }) => !this.hidden().has(label)));
  /** A drag goes on out of sight: without its canvas it would never end. */
  protected readonly isDrawn = computed(
    () => this.isNear() || this.isFull() || this.dragged() !== null || this.printing.isPrinting(),
  );
  /** Far out of sight the last one: nobody sees a newer. */
  protected readonly drawing = linkedSignal<Drawing | null, Drawing>({
    source: () =>
      this.isDrawn()
        ? drawingOf(this.shown(), { view: this.view(), sight: this.sight(), startedAt: this.startedAt() })
        : null,
    computation: (drawing, before) => drawing ?? before?.value ?? nothingDrawn,
  });
  protected readonly pointCount = computed(() => this.longest()?.step.length ?? 0);
  /** Why there is no picture of the chart to be had; empty where there is one. */
  protected readonly pictureBlocker = computed(() => {
    if (this.pointCount() === 0) return $localize`There is nothing to picture yet.`;
    if (this.isTable()) return $localize`Show it as a chart first.`;
    return this.isDrawn() ? '' : $localize`It is drawn as soon as it is in sight.`;
  });
  protected readonly newCount = computed(() => newSince(this.window(), this.longest()?.step ?? []));
  protected readonly gapCount = computed(() => this.drawing().lines.reduce((sum, { gaps }) => sum + gaps.length, 0));
  protected readonly words = computed(() => {
    const { from, to } = this.sight();
    const marks = this.marks().filter(({ step }) => step >= from && step <= to);
    return chartWords(this.title(), this.lines(), { sight: this.sight(), marks, note: this.note() });
  });
  protected readonly legendLabel = computed(() =>
    this.crosshair() === null ? $localize`Last values` : $localize`Values at the crosshair`,
  );
  protected readonly legend = computed(() =>
    this.lines().map((line) => ({
      label: line.label,
      color: line.color,
      value: valueAt(line, this.crosshair()),
      isHidden: this.hidden().has(line.label),
      hint: this.hidden().has(line.label) ? $localize`Show ${line.label}` : $localize`Hide ${line.label}`,
    })),
  );
  protected readonly crosshairText = computed(() => {
    const [step, line] = [this.crosshair(), this.longest()];
    if (step === null || !line) return '';
    const { axis } = this.view();
    const at = positionAt(line, positionsOf(line, axis, this.startedAt()), step);
    return axis === 'step' ? $localize`step ${formatCount(step)}` : `${axisTitles[axis]} ${positionText(axis, at)}`;
  });

  private readonly colors = computed(() => {
    this.theme.isDark();
    const named = (color: string) => resolveColor(this.host, color);
    const own = ['muted', 'grid', 'surface', 'border-strong', 'text', 'warning', 'danger', 'fake'] as const;
    const byName = Object.fromEntries(own.map((name) => [name, named(`var(--gd-${name})`)]));
    return { byName, lines: new Map(this.lineColors().map((color) => [color, named(color)])) };
  });
  private readonly lineColors = computed(() => this.lines().map(({ color }) => color), {
    equal: (a, b) => a.join() === b.join(),
  });

  protected readonly data = computed<ChartData<'line', DrawnPoint[]>>(() => {
    const { lines } = this.colors();
    const sets = this.drawing().lines.flatMap(({ label, color, raw, smooth }) => {
      const ink = lines.get(color) ?? color;
      const faint = {
        ...dataset(label, raw),
        borderColor: `color-mix(in srgb, ${ink} 28%, transparent)`,
        borderWidth: 1,
      };
      if (smooth === null) return [{ ...dataset(label, raw), borderColor: ink }];
      return [faint, { ...dataset(label, smooth), borderColor: ink }];
    });
    return { datasets: sets };
  });

  protected readonly options = computed<ChartOptions<'line'>>(() => {
    const { byName } = this.colors();
    const { x, y } = this.drawing();
    const { axis, isLog } = this.view();
    return metricOptions({ text: byName['muted'] ?? '', grid: byName['grid'] ?? '', axis, isLog, x, y });
  });

  /** One for the life of the chart: another would build it anew. */
  protected readonly plugins: Plugin<'line'>[] = [
    {
      id: 'marks',
      afterDatasetsDraw: ({ ctx, chartArea, scales }) => {
        const line = this.longest();
        const x = scales['x'];
        if (!line || !x) return;
        const { byName } = this.colors();
        const positions = positionsOf(line, this.view().axis, this.startedAt());
        const inside = (pixel: number) => pixel >= chartArea.left && pixel <= chartArea.right;
        ctx.save();
        ctx.setLineDash([3, 3]);
        for (const mark of this.marks()) {
          const pixel = x.getPixelForValue(positionAt(line, positions, mark.step));
          if (!inside(pixel)) continue;
          const ink = { checkpoint: 'border-strong', alert: 'danger', pause: 'warning', sample: 'fake' }[mark.kind];
          ctx.strokeStyle = byName[ink] ?? '';
          ctx.beginPath();
          ctx.moveTo(pixel, chartArea.top);
          ctx.lineTo(pixel, chartArea.bottom);
          ctx.stroke();
        }
        ctx.fillStyle = byName['danger'] ?? '';
        for (const gap of this.drawing().lines.flatMap(({ gaps }) => gaps)) {
          const pixel = x.getPixelForValue(gap);
          if (!inside(pixel)) continue;
          ctx.beginPath();
          ctx.moveTo(pixel - 4, chartArea.bottom);
          ctx.lineTo(pixel + 4, chartArea.bottom);
          ctx.lineTo(pixel, chartArea.bottom - 7);
          ctx.fill();
        }
        ctx.restore();
      },
    },
  ];

  protected readonly rows = computed(() => {
    const line = this.isTable() ? this.longest() : null;
    if (!line) return [];
    const { from, to } = this.sight();
    const start = firstAtLeast(line.step, from);
    const end = firstAtLeast(line.step, to + 1);
    const positions = positionsOf(line, this.view().axis, this.startedAt());
    return Array.from({ length: Math.min(tableRows, end - start) }, (_, back) => {
      const index = end - 1 - back;
      const step = line.step[index] as number;
      const values = this.lines().map((each) => valueAt(each, step));
      return { step, x: positionText(this.view().axis, positions[index] as number), values };
    });
  });
  protected readonly xTitle = computed(() => axisTitles[this.view().axis]);

  private readonly distinctMarks = computed(() => this.marks(), { equal: sameMarks });

  constructor() {
    // Marks are no data of the chart: when they come later than it, nothing else draws it anew.
    afterRenderEffect(() => {
      this.distinctMarks();
      this.chart()?.chart?.draw();
    });
    afterRenderEffect(() => {
      const [step, line] = [this.crosshair(), this.longest()];
      const x = this.chart()?.chart?.scales['x'];
      if (step === null || !line || !x) return this.crosshairPx.set(null);
      const pixel = x.getPixelForValue(positionAt(line, positionsOf(line, this.view().axis, this.startedAt()), step));
      this.crosshairPx.set(pixel >= x.left && pixel <= x.right ? pixel : null);
    });
  }

  protected pressed(event: PointerEvent): void {
    if (event.button !== 0 || this.pointCount() === 0) return;
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    this.dragged.set({ from: event.offsetX, to: event.offsetX });
  }

  protected moved(event: PointerEvent): void {
    this.dragged.update((drag) => drag && { ...drag, to: event.offsetX });
    this.crosshairChange.emit(this.nearestStep(event.offsetX));
  }

  protected released(): void {
    const drag = this.dragged();
    this.dragged.set(null);
    if (!drag || Math.abs(drag.to - drag.from) < leastDragPx) return;
    const [from, to] = [this.stepUnder(drag.from), this.stepUnder(drag.to)];
    if (from !== null && to !== null) this.windowChange.emit(frozenAt({ from, to }, this.extent()));
  }

  /** A plain wheel scrolls the page; with Ctrl or Cmd it zooms about the pointer. */
  protected wheeled(event: WheelEvent): void {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const center = this.stepUnder(event.offsetX);
    if (center !== null) this.zoom(event.deltaY < 0 ? 1.3 : 1 / 1.3, center);
  }

  protected typed(event: KeyboardEvent): void {
    const act = {
      '+': () => this.zoom(2),
      '=': () => this.zoom(2),
      '-': () => this.zoom(0.5),
      ArrowLeft: () => this.windowChange.emit(panned(this.window(), this.extent(), -0.25)),
      ArrowRight: () => this.windowChange.emit(panned(this.window(), this.extent(), 0.25)),
      '0': () => this.show('all'),
      End: () => this.show('tail'),
    }[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  }

  protected zoom(factor: number, center?: number): void {
    const { from, to } = this.sight();
    this.windowChange.emit(zoomed(this.window(), this.extent(), { factor, center: center ?? (from + to) / 2 }));
  }

  protected show(mode: 'all' | 'tail' | 'frozen'): void {
    const next = {
      all: () => wholeRun,
      tail: () => tailOf(this.extent()),
      frozen: () => frozenAt(this.sight(), this.extent()),
    };
    this.windowChange.emit(next[mode]());
  }

  protected toggle(label: string): void {
    this.hidden.update((hidden) => {
      const next = new Set(hidden);
      if (!next.delete(label)) next.add(label);
      return next;
    });
  }

  protected saveCsv(): void {
    saveBlob(`${this.title()}.csv`, new Blob([chartCsv(this.lines())], { type: 'text/csv;charset=utf-8' }));
  }

  protected savePng(): void {
    const canvas = this.chart()?.chart?.canvas;
    if (!canvas) return;
    this.picture(canvas).then(
      (picture) => saveBlob(`${this.title()}.png`, picture),
      (error: unknown) => this.couldNot($localize`The chart was not saved`, error),
    );
  }

  protected copyPng(): void {
    const canvas = this.chart()?.chart?.canvas;
    if (!canvas) return;
    copyPicture(this.picture(canvas)).then(
      () => this.toasts.show($localize`Picture of “${this.title()}” copied`),
      (error: unknown) => this.couldNot($localize`The chart was not copied`, error),
    );
  }

  private picture(canvas: HTMLCanvasElement): Promise<Blob> {
    return chartPicture(canvas, resolveColor(canvas.parentElement ?? document.body, 'var(--gd-surface)'));
  }

  private couldNot(what: string, error: unknown): void {
    this.toasts.show(`${what}: ${error instanceof Error ? error.message : String(error)}`, { tone: 'bad' });
  }

  private stepUnder(pixel: number): number | null {
    const [line, x] = [this.longest(), this.chart()?.chart?.scales['x']];
    const at = x?.getValueForPixel(pixel);
    if (!line || at === undefined) return null;
    return stepAt(line, positionsOf(line, this.view().axis, this.startedAt()), at);
  }

  private nearestStep(pixel: number): number | null {
    const [line, wanted] = [this.longest(), this.stepUnder(pixel)];
    if (!line || wanted === null) return null;
    const next = firstAtLeast(line.step, wanted);
    const [left, right] = [line.step[next - 1], line.step[next]];
    if (left === undefined || right === undefined) return left ?? right ?? null;
    return wanted - left < right - wanted ? left : right;
  }
}

function dataset(label: string, points: readonly DrawnPoint[]) {
  return { label, data: points as DrawnPoint[], pointRadius: points.length < 2 ? 3 : 0, borderWidth: 1.7 };
}

/** The value at a step, or the newest where no step is named. */
function valueAt(line: MetricLine, step: number | null): number | undefined {
  if (step === null) return line.value.at(-1);
  const index = firstAtLeast(line.step, step);
  return line.step[index] === step ? line.value[index] : undefined;
}

import { ChangeDetectionStrategy, Component, ElementRef, computed, inject, input, signal } from '@angular/core';
import type { ChartData, Plugin } from 'chart.js';
import { BaseChartDirective } from 'ng2-charts';
import { formatCount, formatMetric, formatValue } from '../design/format';
import { Icon } from '../design/icon';
import { Theme } from '../shell/theme';
import { resolveColors } from './chart-colors';
import { lineCharts } from './chart-setup';
import { lineOptions } from './line-options';
import { AriaLabel } from '../design/aria-label';

export interface ChartLine {
  label: string;
  /** A CSS colour, variables allowed. */
  color: string;
  /** x rises; NaN and the infinities are gaps. */
  x: readonly number[];
  y: readonly number[];
}

const tableRows = 200;
/** With more lines than these the legend and the sentence would hide what they tell. */
const fewLines = 12;
const styleColors = ['muted', 'grid', 'surface', 'border-strong', 'text'] as const;

/** Lines over one x axis, with a legend that carries the last values and a table for who can't see the drawing. */
@Component({
  selector: 'gd-line-chart',
  imports: [AriaLabel, BaseChartDirective, Icon],
  providers: [lineCharts],
  templateUrl: './line-chart.html',
  styleUrl: './line-chart.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class LineChart {
  readonly title = input.required<string>();
  readonly lines = input.required<readonly ChartLine[]>();
  readonly xTitle = input('');
  /** What stands at the x positions 0, 1, 2 … where they are not numbers themselves. */
  readonly xLabels = input<readonly (string | number)[] | null>(null);
  /** Why the chart is empty or does not move; empty while it does. */
  readonly note = input('');
  readonly testId = input('chart');
  /** Drawn behind the lines. */
  readonly plugins = input<Plugin<'line'>[]>([]);

  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  private readonly theme = inject(Theme);
  protected readonly isTable = signal(false);
  /** Labels of lines that were switched off: of columns of very different sizes only some can share an axis. */
  private readonly hidden = signal<ReadonlySet<string>>(new Set());
  protected readonly formatMetric = formatMetric;

  protected readonly pointCount = computed(() => Math.max(0, ...this.lines().map((line) => line.x.length)));
  /** The whole legend is shown, however long. */
  protected readonly isWhole = signal(false);
  protected readonly restCount = computed(() => (this.isWhole() ? 0 : Math.max(0, this.lines().length - fewLines)));
  protected readonly legend = computed(() =>
    this.lines()
      .slice(0, this.lines().length - this.restCount())
      .map((line) => ({
        label: line.label,
        color: line.color,
        last: line.y.at(-1),
        isHidden: this.hidden().has(line.label),
        hint: this.hidden().has(line.label) ? $localize`Show ${line.label}` : $localize`Hide ${line.label}`,
      })),
  );
  protected readonly description = computed(() => {
    const count = this.pointCount();
    if (count === 0) return $localize`${this.title()}\: no data. ${this.note()}`;
    const last = $localize`${formatCount(count)} points, last ${this.xTitle()} ${this.xText(this.lastX())}`;
    return `${this.title()}: ${last}: ${lastValues(this.lines())}. ${this.note()}`;
  });

  protected readonly data = computed<ChartData<'line', { x: number; y: number }[]>>(() => {
    this.theme.isDark();
    const colors = resolveColors(
      this.host,
      this.lines().map((line) => line.color),
    );
    return {
      datasets: this.lines().map((line) => {
        const color = colors.get(line.color) ?? line.color;
        return {
          label: line.label,
          hidden: this.hidden().has(line.label),
          data: line.x.map((x, index) => ({ x, y: drawable(line.y[index]) })),
          borderColor: color,
          backgroundColor: color,
          pointRadius: line.x.length < 2 ? 3 : 0,
          pointHoverRadius: 3.5,
        };
      }),
    };
  });

  private readonly isCrowded = computed(() => this.lines().length > fewLines);
  protected readonly options = computed(() => {
    this.theme.isDark();
    const named = (name: string) => `var(--gd-${name})`;
    const colors = resolveColors(this.host, styleColors.map(named));
    const color = (name: (typeof styleColors)[number]) => colors.get(named(name)) ?? '';
    return lineOptions({
      isCrowded: this.isCrowded(),
      text: color('muted'),
      grid: color('grid'),
      surface: color('surface'),
      border: color('border-strong'),
      ink: color('text'),
      xTitle: this.xTitle(),
      xLabel: (x) => this.xText(x),
    });
  });

  /** The newest rows, newest first. */
  protected readonly rows = computed(() => {
    if (!this.isTable()) return [];
    const longest = this.lines().reduce<readonly number[]>((x, line) => (line.x.length > x.length ? line.x : x), []);
    const values = this.lines().map((line) => new Map(line.x.map((x, index) => [x, line.y[index]])));
    return longest
      .slice(-tableRows)
      .reverse()
      .map((x) => ({ x: this.xText(x), values: values.map((byX) => byX.get(x)) }));
  });

  protected toggle(label: string): void {
    this.hidden.update((hidden) => {
      const next = new Set(hidden);
      if (!next.delete(label)) next.add(label);
      return next;
    });
  }

  private lastX(): number {
    return Math.max(...this.lines().map((line) => line.x.at(-1) ?? -Infinity));
  }

  private xText(x: number): string {
    const labels = this.xLabels();
    return labels === null ? formatCount(x) : formatValue(labels[Math.round(x)] ?? '');
  }
}

/** Each line's last value in words; of many lines the range of them. */
function lastValues(lines: readonly ChartLine[]): string {
  if (lines.length <= fewLines) return lines.map(({ label, y }) => `${label} ${formatMetric(y.at(-1))}`).join(', ');
  const finite = lines.map(({ y }) => y.at(-1) ?? NaN).filter(Number.isFinite);
  if (finite.length === 0) return $localize`${lines.length} lines without a finite last value`;
  return $localize`${lines.length} lines, between ${formatMetric(Math.min(...finite))} and ${formatMetric(Math.max(...finite))}`;
}

function drawable(value: number | undefined): number {
  return value !== undefined && Number.isFinite(value) ? value : NaN;
}

import { ChangeDetectionStrategy, Component, computed, effect, input, output, signal } from '@angular/core';
import { InSight } from '../charts/in-sight';
import { LineChart } from '../charts/line-chart';
import type { ChartLine } from '../charts/line-chart';
import { meanBand } from './run-series';
import type { RunLine } from './run-series';

/** Runs that are drawn as one: their mean, and a standard deviation to both sides. */
export interface LineGroup {
  readonly label: string;
  readonly color: string;
  readonly runIds: ReadonlySet<string>;
}

/** A chart for each metric with a line for each run. A chart is asked for and drawn once it comes into sight. */
@Component({
  selector: 'gd-run-chart-grid',
  imports: [InSight, LineChart],
  template: `
    @for (chart of charts(); track chart.metric) {
      <section class="gd-card" (gdInSight)="see(chart.metric)">
        @if (chart.lines !== null && seen().has(chart.metric)) {
          <gd-line-chart
            [title]="chart.metric"
            [testId]="'overlay-' + chart.metric"
            xTitle="step"
            i18n-xTitle
            [lines]="chart.lines"
          />
        } @else {
          <h3>{{ chart.metric }}</h3>
        }
      </section>
    }
  `,
  styles: `
    :host {
      display: grid;
      grid-template-columns: repeat(auto-fill, minmax(min(100%, 340px), 1fr));
      gap: 12px;
      align-content: start;
    }
    section {
      min-width: 0;
      content-visibility: auto;
      contain-intrinsic-size: auto 290px;
    }
    h3 {
      height: 290px;
      margin: 0;
      padding: 12px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class RunChartGrid {
  /** Null where they are still to be read. */
  readonly lines = input.required<ReadonlyMap<string, readonly RunLine[] | null>>();
  /** Absent: each run by itself. */
  readonly groups = input<readonly LineGroup[]>([]);
  /** A metric in sight whose lines are still to be read. */
  readonly wanted = output<string>();

  protected readonly seen = signal<ReadonlySet<string>>(new Set());
  protected readonly charts = computed(() =>
    [...this.lines()].map(([metric, lines]) => ({
      metric,
      lines:
        lines === null || this.groups().length === 0 ? lines : this.groups().flatMap((group) => banded(group, lines)),
    })),
  );

  constructor() {
    effect(() => {
      for (const { metric, lines } of this.charts()) {
        if (lines === null && this.seen().has(metric)) this.wanted.emit(metric);
      }
    });
  }

  protected see(metric: string): void {
    this.seen.update((seen) => new Set(seen).add(metric));
  }
}

/** Three lines that a reader of the table understands as well as one of the drawing. */
function banded(group: LineGroup, lines: readonly RunLine[]): ChartLine[] {
  const own = lines.filter(({ runId }) => group.runIds.has(runId));
  if (own.length === 0) return [];
  const { x, mean, low, high } = meanBand(own);
  const faint = `color-mix(in srgb, ${group.color} 45%, transparent)`;
  const middle = { label: $localize`${group.label} (mean of ${own.length})`, color: group.color, x, y: mean };
  if (own.length === 1) return [middle];
  return [
    middle,
    { label: $localize`${group.label} − sd`, color: faint, x, y: low },
    { label: $localize`${group.label} + sd`, color: faint, x, y: high },
  ];
}

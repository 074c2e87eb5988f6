import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import type { Run } from '@gan-dashboard/shared-types';
import { formatMetric } from '../design/format';
import { columnNumber, columnText, columnTitle, runColor } from '../runs/run-columns';
import { placeOnAxis } from './compare-data';

const width = 520;
const height = 240;
const left = 64;

/** A point for each run that has both numbers. */
@Component({
  selector: 'gd-scatter-plot',
  template: `
    <svg viewBox="0 0 620 300" role="img" [attr.aria-label]="description()" data-testid="scatter">
      <line x1="64" y1="262" x2="594" y2="262" />
      <line x1="64" y1="10" x2="64" y2="262" />
      @if (points().length > 0) {
        <text x="64" y="278">{{ ends().x[0] }}</text>
        <text x="594" y="278" class="end">{{ ends().x[1] }}</text>
        <text x="58" y="258" class="end">{{ ends().y[0] }}</text>
        <text x="58" y="22" class="end">{{ ends().y[1] }}</text>
      }
      <text x="330" y="294" class="middle">{{ columnTitle(x()) }}</text>
      <text x="70" y="14">{{ columnTitle(y()) }}</text>
      @for (point of points(); track point.id) {
        <circle [attr.cx]="point.x" [attr.cy]="point.y" r="5" [style.fill]="point.color">
          <title>{{ point.text }}</title>
        </circle>
      }
    </svg>
    @if (points().length === 0) {
      <p class="gd-muted" i18n>No run has both numbers. Choose other axes.</p>
    }
  `,
  styles: `
    :host {
      display: block;
      padding: 0 12px 10px;
    }
    svg {
      width: 100%;
      max-width: 760px;
    }
    line {
      stroke: var(--gd-border-strong);
    }
    text {
      fill: var(--gd-muted);
      font-size: 11px;
    }
    .end {
      text-anchor: end;
    }
    .middle {
      text-anchor: middle;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ScatterPlot {
  readonly runs = input.required<readonly Run[]>();
  readonly x = input.required<string>();
  readonly y = input.required<string>();
  protected readonly columnTitle = columnTitle;

  private readonly measured = computed(() =>
    this.runs().flatMap((run) => {
      const [x, y] = [columnNumber(run, this.x()) ?? NaN, columnNumber(run, this.y()) ?? NaN];
      return Number.isFinite(x) && Number.isFinite(y) ? [{ run, x, y }] : [];
    }),
  );
  protected readonly points = computed(() => {
    const all = this.measured();
    const [xs, ys] = [all.map(({ x }) => x), all.map(({ y }) => y)];
    return all.map(({ run, x, y }) => ({
      id: run.id,
      color: runColor(run.id),
      x: left + 5 + placeOnAxis(x, xs) * width,
      y: 255 - placeOnAxis(y, ys) * height,
      text: `${run.name}: ${columnText(run, this.x())}, ${columnText(run, this.y())}`,
    }));
  });
  protected readonly ends = computed(() => {
    const ends = (values: readonly number[]) =>
      [formatMetric(Math.min(...values)), formatMetric(Math.max(...values))] as const;
    return { x: ends(this.measured().map(({ x }) => x)), y: ends(this.measured().map(({ y }) => y)) };
  });
  protected readonly description = computed(
    () =>
      $localize`${columnTitle(this.y())} against ${columnTitle(this.x())} of ${this.points().length} runs: ` +
      this.points()
        .slice(0, 20)
        .map(({ text }) => text)
        .join('; '),
  );
}

import { ChangeDetectionStrategy, Component, computed, input, output } from '@angular/core';
import type { Run } from '@gan-dashboard/shared-types';
import { columnNumber, columnText, columnTitle, runColor } from '../runs/run-columns';
import { passes, placeOnAxis } from './compare-data';
import type { Brush } from './compare-data';
import { AriaLabel } from '../design/aria-label';

const height = 220;
const gap = 130;
const top = 24;

/** A line for each run over an axis for each number. A drag on an axis, or its two sliders, keep a range of it. */
@Component({
  selector: 'gd-parallel-coordinates',
  imports: [AriaLabel],
  template: `
    <div class="gd-scroll-x" tabindex="0" role="region" aria-label="A line for each run" i18n-aria-label>
      <svg [attr.width]="width()" [attr.height]="fullHeight" role="img" [attr.aria-label]="description()">
        @for (line of lines(); track line.id) {
          <polyline [attr.points]="line.points" [style.stroke]="line.color" [class.out]="!line.isIn">
            <title>{{ line.name }}</title>
          </polyline>
        }
        @for (axis of axes(); track axis.column) {
          <line class="axis" [attr.x1]="axis.x" [attr.x2]="axis.x" [attr.y1]="top" [attr.y2]="bottom" />
          <text [attr.x]="axis.x" y="12">{{ axis.title }}</text>
          <rect
            class="catch"
            [attr.x]="axis.x - 12"
            [attr.y]="top"
            width="24"
            [attr.height]="bottom - top"
            (pointerdown)="drag($event, axis.column)"
            (dblclick)="brush(axis.column, null)"
          />
          @if (axis.brush; as kept) {
            <rect
              class="kept"
              [attr.x]="axis.x - 6"
              [attr.y]="bottom - kept[1] * (bottom - top)"
              width="12"
              [attr.height]="(kept[1] - kept[0]) * (bottom - top)"
            />
          }
        }
      </svg>
    </div>
    <details>
      <summary class="gd-tool outlined" i18n>Ranges and table, for the keyboard</summary>
      <div class="ranges">
        @for (axis of axes(); track axis.column) {
          <fieldset>
            <legend>{{ axis.title }}</legend>
            <input
              #low
              type="range"
              min="0"
              max="1"
              step="0.05"
              gdLabel="Least {{ axis.title }}"
              i18n-gdLabel
              [value]="axis.brush?.[0] ?? 0"
              (input)="brush(axis.column, [low.valueAsNumber, axis.brush?.[1] ?? 1])"
            />
            <input
              #high
              type="range"
              min="0"
              max="1"
              step="0.05"
              gdLabel="Greatest {{ axis.title }}"
              i18n-gdLabel
              [value]="axis.brush?.[1] ?? 1"
              (input)="brush(axis.column, [axis.brush?.[0] ?? 0, high.valueAsNumber])"
            />
          </fieldset>
        }
      </div>
      <div class="gd-scroll-x" tabindex="0" role="region" aria-label="Runs within the ranges" i18n-aria-label>
        <table class="gd-table">
          <thead>
            <tr>
              <th scope="col" i18n>Run</th>
              @for (axis of axes(); track axis.column) {
                <th scope="col" class="number">{{ axis.title }}</th>
              }
            </tr>
          </thead>
          <tbody>
            @for (run of inside(); track run.id) {
              <tr>
                <th scope="row">{{ run.name }}</th>
                @for (axis of axes(); track axis.column) {
                  <td class="number">{{ columnText(run, axis.column) }}</td>
                }
              </tr>
            }
          </tbody>
        </table>
      </div>
    </details>
  `,
  styles: `
    :host {
      display: block;
      padding: 10px 12px;
    }
    polyline {
      fill: none;
      stroke-width: 1.6;
    }
    .out {
      opacity: 0.1;
    }
    .axis {
      stroke: var(--gd-border-strong);
    }
    text {
      fill: var(--gd-muted);
      font-size: 11px;
      text-anchor: middle;
    }
    .catch {
      fill: transparent;
      cursor: ns-resize;
      touch-action: none;
    }
    .kept {
      fill: var(--gd-focus);
      opacity: 0.35;
      pointer-events: none;
    }
    .ranges {
      display: flex;
      flex-wrap: wrap;
      gap: 8px;
      margin: 8px 0;
    }
    fieldset {
      display: grid;
      border: 1px solid var(--gd-border);
      border-radius: 6px;
    }
    summary {
      list-style: none;
      width: max-content;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ParallelCoordinates {
  readonly runs = input.required<readonly Run[]>();
  readonly columns = input.required<readonly string[]>();
  readonly brushes = input.required<ReadonlyMap<string, Brush>>();
  readonly brushesChange = output<ReadonlyMap<string, Brush>>();

  protected readonly top = top;
  protected readonly bottom = top + height;
  protected readonly fullHeight = top + height + 8;
  protected readonly columnText = columnText;
  protected readonly width = computed(() => Math.max(1, this.columns().length) * gap);
  protected readonly axes = computed(() =>
    this.columns().map((column, index) => ({
      column,
      title: columnTitle(column),
      x: gap / 2 + index * gap,
      brush: this.brushes().get(column),
    })),
  );
  protected readonly inside = computed(() => this.runs().filter((run) => passes(run, this.runs(), this.brushes())));
  protected readonly lines = computed(() => {
    const inside = new Set(this.inside());
    const values = this.columns().map((column) => this.runs().map((run) => columnNumber(run, column) ?? NaN));
    return this.runs().map((run, place) => ({
      ...{ id: run.id, name: run.name, color: runColor(run.id), isIn: inside.has(run) },
      points: this.axes()
        .flatMap(({ x }, index) => {
          const column = values[index] ?? [];
          const at = placeOnAxis(column[place] ?? NaN, column);
          return Number.isFinite(at) ? [`${x},${this.bottom - at * height}`] : [];
        })
        .join(' '),
    }));
  });
  protected readonly description = computed(
    () =>
      $localize`${this.inside().length} of ${this.runs().length} runs over ${this.columns().map(columnTitle).join(', ')}.`,
  );

  /** @param range null takes the brush off. */
  protected brush(column: string, range: Brush | null): void {
    const next = new Map(this.brushes());
    if (range === null || (range[0] <= 0 && range[1] >= 1)) next.delete(column);
    else next.set(column, [Math.min(...range), Math.max(...range)]);
    this.brushesChange.emit(next);
  }

  protected drag(event: PointerEvent, column: string): void {
    const handle = event.target as SVGRectElement;
    const box = handle.getBoundingClientRect();
    const place = (y: number) => Math.min(1, Math.max(0, (box.bottom - y) / box.height));
    const from = place(event.clientY);
    handle.setPointerCapture(event.pointerId);
    handle.onpointermove = (move) => this.brush(column, [from, place(move.clientY)]);
    handle.onpointerup = () => (handle.onpointermove = null);
  }
}

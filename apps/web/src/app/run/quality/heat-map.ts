import { ChangeDetectionStrategy, Component, computed, input, output } from '@angular/core';
import type { HeatRow } from './coverage-rows';

/**
 * A strip for each row, from the first measurement to the last. Strips are painted by CSS, so that they follow the theme
 * and the width by themselves; each row says in words what it shows.
 */
@Component({
  selector: 'gd-heat-map',
  template: `
    <ul [attr.aria-label]="label()">
      @for (row of painted(); track row.key) {
        <li>
          @if (canSelect()) {
            <button
              type="button"
              [attr.aria-expanded]="row.key === selected()"
              [attr.data-column]="row.key"
              (click)="choose.emit(row.key)"
            >
              <span class="name" [title]="row.label">{{ row.label }}</span>
              <span class="strip" role="img" [attr.aria-label]="row.text" [style.background]="row.paint"></span>
              <span class="last">{{ row.last }}</span>
            </button>
          } @else {
            <div class="row">
              <span class="name" [title]="row.label">{{ row.label }}</span>
              <span class="strip" role="img" [attr.aria-label]="row.text" [style.background]="row.paint"></span>
              <span class="last">{{ row.last }}</span>
              @if (row.remark) {
                <span class="remark">{{ row.remark }}</span>
              }
            </div>
          }
        </li>
      }
    </ul>
  `,
  styleUrl: './heat-map.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class HeatMap {
  readonly label = input.required<string>();
  readonly rows = input.required<readonly HeatRow[]>();
  readonly canSelect = input(false);
  readonly selected = input<string | null>(null);
  readonly choose = output<string>();

  protected readonly painted = computed(() =>
    this.rows().map((row) => ({
      ...row,
      paint: paintOf(row.values),
      text: [row.last, row.remark].filter(Boolean).join(', '),
    })),
  );
}

/** Hard stops, one a measurement. */
export function paintOf(values: readonly (number | undefined)[]): string {
  if (values.length === 0) return 'none';
  const colors = values.map((value) =>
    value === undefined
      ? 'transparent'
      : `color-mix(in oklab, var(--heat-full) ${Math.round(value * 100)}%, var(--heat-none))`,
  );
  const width = 100 / values.length;
  const stops = colors.map((color, i) => `${color} ${(i * width).toFixed(2)}% ${((i + 1) * width).toFixed(2)}%`);
  return $localize`linear-gradient(to right, ${stops.join(', ')})`;
}

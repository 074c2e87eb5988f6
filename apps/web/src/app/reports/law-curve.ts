import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import type { SeriesCurve } from '@gan-dashboard/shared-types';
import { chartHeight, chartWidth, linePath, yOf } from './report-geometry';

/** A law over its lags, real and synthetic. */
@Component({
  selector: 'gd-law-curve',
  template: `
    <figure>
      <figcaption class="gd-muted gd-small">{{ label() }}</figcaption>
      <svg [attr.viewBox]="'0 0 ' + chartWidth + ' ' + chartHeight" role="img" [attr.aria-label]="label()">
        <line class="axis" x1="0" [attr.y1]="drawn().zero" [attr.x2]="chartWidth" [attr.y2]="drawn().zero" />
        <path class="real" [attr.d]="drawn().real" />
        <path class="synthetic" [attr.d]="drawn().synthetic" />
      </svg>
    </figure>
  `,
  styles: `
    figure {
      margin: 0;
    }
    svg {
      display: block;
      width: 100%;
    }
    path {
      fill: none;
      stroke-width: 1.5;
    }
    .real {
      stroke: var(--gd-real);
    }
    .synthetic {
      stroke: var(--gd-fake);
    }
    .axis {
      stroke: var(--gd-border-strong);
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class LawCurve {
  readonly title = input.required<string>();
  readonly curve = input.required<SeriesCurve>();
  protected readonly chartWidth = chartWidth;
  protected readonly chartHeight = chartHeight;
  protected readonly label = computed(() => {
    const { lags } = this.curve();
    return $localize`${this.title()}, lags ${lags[0] ?? 0} to ${lags.at(-1) ?? 0}`;
  });
  protected readonly drawn = computed(() => {
    const { real, synthetic } = this.curve();
    const values = [...real, ...synthetic].filter((value) => value !== null);
    const range = { low: Math.min(0, ...values), high: Math.max(1e-9, ...values) };
    return { zero: yOf(0, range), real: linePath(real, range), synthetic: linePath(synthetic, range) };
  });
}

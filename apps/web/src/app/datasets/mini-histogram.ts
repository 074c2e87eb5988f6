import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { formatCount, formatValue } from '../design/format';

const height = 22;
const width = 96;

/** A distribution at a glance: one bar a bin. */
@Component({
  selector: 'gd-mini-histogram',
  template: `
    <svg [attr.viewBox]="'0 0 ' + width + ' ' + height" role="img" [attr.aria-label]="description()">
      @for (bar of bars(); track $index) {
        <rect [attr.x]="bar.x" [attr.y]="bar.y" [attr.width]="bar.width" [attr.height]="bar.height">
          <title>{{ bar.title }}</title>
        </rect>
      }
    </svg>
  `,
  styles: `
    svg {
      display: block;
      width: 96px;
      height: 22px;
      fill: var(--gd-series-1);
      opacity: 0.8;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class MiniHistogram {
  readonly name = input.required<string>();
  readonly edges = input.required<readonly (number | string)[]>();
  readonly counts = input.required<readonly number[]>();
  protected readonly width = width;
  protected readonly height = height;

  protected readonly bars = computed(() => {
    const counts = this.counts();
    const most = Math.max(1, ...counts);
    const step = width / Math.max(1, counts.length);
    return counts.map((count, index) => {
      // A bin that is not empty stays visible.
      const size = count === 0 ? 0 : Math.max(1, (count / most) * height);
      return {
        x: index * step,
        y: height - size,
        width: Math.max(0.5, step - 0.8),
        height: size,
        title: `${formatValue(this.edges()[index])} … ${formatValue(this.edges()[index + 1])}: ${formatCount(count)}`,
      };
    });
  });

  protected readonly description = computed(() => {
    const counts = this.counts();
    const peak = counts.indexOf(Math.max(...counts));
    const range = $localize`${formatValue(this.edges()[0])} to ${formatValue(this.edges().at(-1))}`;
    return $localize`Histogram of ${this.name()}\: ${range}, most between ${formatValue(this.edges()[peak])} and ${formatValue(this.edges()[peak + 1])}`;
  });
}

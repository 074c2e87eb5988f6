import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import type { QualityUpdate } from '@gan-dashboard/shared-types';
import type { Plugin } from 'chart.js';
import { LineChart } from '../../charts/line-chart';
import { boundsOf, qualityLines } from './quality-lines';
import { measuredOf } from './quality-points';

/** The scores of the rows on the x axis of the losses, between the floor and the ceiling of the overall one. */
@Component({
  selector: 'gd-quality-chart',
  imports: [LineChart],
  template: `
    <gd-line-chart
      title="Quality of the rows"
      i18n-title
      testId="quality-chart"
      [xTitle]="axis()"
      [lines]="lines()"
      [note]="note()"
      [plugins]="plugins()"
    />
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class QualityChart {
  readonly quality = input.required<readonly QualityUpdate[]>();
  readonly axis = input.required<'epoch' | 'step'>();
  /** Where the losses end. */
  readonly end = input<number>();
  readonly note = input('');

  private readonly measured = computed(() => measuredOf(this.quality()));
  protected readonly lines = computed(() => qualityLines(this.measured(), { axis: this.axis(), end: this.end() }));
  protected readonly plugins = computed(() => [bandPlugin(boundsOf(this.measured()))], {
    // A chart is built anew for other plugins: only where the band is another one.
    equal: (a, b) => a[0]?.id === b[0]?.id,
  });
}

/** Shades what lies between floor and ceiling. */
function bandPlugin({ floor, ceiling }: { floor?: number; ceiling?: number }): Plugin<'line'> {
  return {
    id: `band-${floor ?? ''}-${ceiling ?? ''}`,
    beforeDatasetsDraw: ({ ctx, chartArea, scales }) => {
      const y = scales['y'];
      if (floor === undefined || ceiling === undefined || !y) return;
      const top = y.getPixelForValue(Math.max(floor, ceiling));
      const bottom = y.getPixelForValue(Math.min(floor, ceiling));
      ctx.save();
      ctx.beginPath();
      ctx.rect(chartArea.left, chartArea.top, chartArea.width, chartArea.height);
      ctx.clip();
      // Readable on light and dark alike.
      ctx.fillStyle = $localize`rgba(79, 160, 120, 0.12)`;
      ctx.fillRect(chartArea.left, top, chartArea.width, bottom - top);
      ctx.restore();
    },
  };
}

import { ChangeDetectionStrategy, Component, computed, input, linkedSignal } from '@angular/core';
import { quantityText } from '@gan-dashboard/shared-types';
import type { SamplePaths } from '@gan-dashboard/shared-types';
import { chartHeight, chartWidth, linePath } from '../../reports/report-geometry';
import { extentOf, figuresOf, pathsText } from './sample-paths';

/** A few real and synthetic paths of one measure, on one axis, as they were drawn at a measurement. */
@Component({
  selector: 'gd-path-charts',
  templateUrl: './path-charts.html',
  styleUrl: './path-charts.scss',
  host: { 'data-testid': 'path-charts' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class PathCharts {
  readonly epoch = input.required<number>();
  /** Undefined: none were drawn. */
  readonly paths = input.required<SamplePaths | undefined>();

  protected readonly width = chartWidth;
  protected readonly height = chartHeight;
  protected readonly names = computed(() => this.paths()?.measures.map(({ name }) => name) ?? []);
  /** Stays what was chosen where the next measurement has it as well. */
  protected readonly chosen = linkedSignal<readonly string[], string>({
    source: this.names,
    computation: (names, previous) =>
      previous && (names.length === 0 || names.includes(previous.value)) ? previous.value : (names[0] ?? ''),
  });
  protected readonly drawn = computed(() => {
    const paths = this.paths();
    const measure = paths?.measures.find(({ name }) => name === this.chosen());
    if (!paths || !measure) return undefined;
    const extent = extentOf(measure);
    const sides = [
      { kind: 'real', title: $localize`Real`, of: measure.real },
      { kind: 'synthetic', title: $localize`Synthetic`, of: measure.synthetic },
    ];
    return {
      ...{ length: paths.length, low: quantityText(extent.low), high: quantityText(extent.high) },
      text: pathsText(this.epoch(), paths.length, measure),
      sides: sides.map(({ kind, title, of }) => ({
        ...{ kind, title },
        words: $localize`${title}\: ${of.length} paths of ${measure.name} over ${paths.length} rows`,
        lines: of.map((path) => linePath(path, extent)),
      })),
      rows: sides.flatMap(({ title, of }) =>
        of.map((path, index) => {
          const { first, last, low, high, step } = figuresOf(path);
          return { name: `${title} ${index + 1}`, figures: [first, last, low, high, step].map(quantityText) };
        }),
      ),
    };
  });
}

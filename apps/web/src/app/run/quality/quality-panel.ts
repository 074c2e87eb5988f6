import { ChangeDetectionStrategy, Component, computed, input, signal } from '@angular/core';
import type { QualityUpdate, Run } from '@gan-dashboard/shared-types';
import { Icon } from '../../design/icon';
import { coverageRows, coverageText, partRows } from './coverage-rows';
import { HeatMap } from './heat-map';
import { scoreText } from './quality-lines';
import { measuredOf } from './quality-points';
import { qualityNote } from './quality-state';

/** Columns of the table view: the newest measurements. */
const tableMeasurements = 8;

/** What occurs in the rows of the model, by column and value, over the run. */
@Component({
  selector: 'gd-quality-panel',
  imports: [HeatMap, Icon],
  templateUrl: './quality-panel.html',
  styleUrl: './quality-panel.scss',
  host: { class: 'gd-card', 'data-testid': 'quality-panel' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class QualityPanel {
  readonly run = input.required<Run>();
  readonly quality = input.required<readonly QualityUpdate[]>();

  protected readonly isTable = signal(false);
  protected readonly chosen = signal<string | null>(null);

  protected readonly measured = computed(() => measuredOf(this.quality()));
  protected readonly note = computed(() => qualityNote(this.run(), this.quality()));
  protected readonly score = computed(() => scoreText(this.measured()));
  protected readonly coverage = computed(() => coverageText(this.measured()));
  protected readonly rows = computed(() => coverageRows(this.measured()));
  protected readonly parts = computed(() => {
    const column = this.chosen();
    return column === null ? [] : partRows(this.measured(), column);
  });
  protected readonly copies = computed(() => {
    const memorising = this.measured().at(-1)?.memorising;
    if (memorising?.distance_ratio === undefined) return '';
    const ratio = Number(memorising.distance_ratio.toPrecision(2));
    return $localize`Generated rows are ${ratio} times as far from their closest training row as real rows that training never saw.`;
  });
  protected readonly span = computed(() => {
    const epochs = this.measured().map(({ epoch }) => epoch);
    return { first: epochs[0], last: epochs.at(-1) };
  });
  protected readonly table = computed(() => {
    const newest = this.measured().slice(-tableMeasurements);
    const column = this.chosen();
    return {
      epochs: newest.map(({ epoch }) => epoch),
      rows: column === null ? coverageRows(newest) : partRows(newest, column),
    };
  });

  protected choose(column: string): void {
    this.chosen.update((chosen) => (chosen === column ? null : column));
  }

  protected share(value: number | undefined): string {
    return value === undefined ? '–' : `${Math.round(value * 100)} %`;
  }
}

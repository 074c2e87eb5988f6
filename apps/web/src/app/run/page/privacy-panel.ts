import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import type { QualityUpdate } from '@gan-dashboard/shared-types';
import { LineChart } from '../../charts/line-chart';
import type { ChartLine } from '../../charts/line-chart';
import { measuredOf } from '../quality/quality-points';

/** Whether the rows of the model are those of the table, over the run. */
@Component({
  selector: 'gd-privacy-panel',
  imports: [LineChart],
  template: `
    @if (judged().length === 0) {
      <p class="gd-card empty" data-testid="privacy-note" i18n>
        Copies have not been looked for yet. They are looked for each time the quality is measured, in tables of at
        least 200 rows, whose held-out rows tell copying from learning.
      </p>
    } @else {
      <p class="gd-card empty" data-testid="privacy-text">{{ text() }}</p>
      <section class="gd-card">
        <gd-line-chart
          title="Distance to the training rows"
          i18n-title
          testId="distance-chart"
          xTitle="epoch"
          i18n-xTitle
          [lines]="distance()"
        />
      </section>
      <section class="gd-card">
        <gd-line-chart
          title="Copies and near rows, %"
          i18n-title
          testId="copies-chart"
          xTitle="epoch"
          i18n-xTitle
          [lines]="copies()"
        />
      </section>
    }
  `,
  styles: `
    :host {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(min(100%, 340px), 1fr));
      gap: 12px;
    }
    .empty {
      grid-column: 1 / -1;
      padding: 12px 14px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class PrivacyPanel {
  readonly quality = input.required<readonly QualityUpdate[]>();

  protected readonly judged = computed(() => measuredOf(this.quality()).filter(({ memorising }) => memorising));
  private readonly epochs = computed(() => this.judged().map(({ epoch }) => epoch));
  protected readonly distance = computed(() => [
    this.line($localize`Model`, 'series-1', (update) => update.memorising?.distance_ratio),
    this.line($localize`Rows never seen`, 'real', () => 1),
  ]);
  protected readonly copies = computed(() => [
    this.line($localize`Copies`, 'danger', (update) => percent(update.memorising?.copied)),
    this.line($localize`Copies among held-out rows`, 'series-3', (update) =>
      percent(update.memorising?.copied_in_holdout),
    ),
    this.line($localize`Closer to training`, 'series-2', (update) => percent(update.memorising?.closer_to_training)),
    this.line($localize`Closer, by chance`, 'real', (update) => percent(update.memorising?.expected_closer)),
  ]);
  protected readonly text = computed(() => {
    const last = this.judged().at(-1);
    if (!last?.memorising) return '';
    const { copied, copied_in_holdout: held, judged_rows: rows, distance_ratio: ratio } = last.memorising;
    const said = (share: number) => `${(share * 100).toFixed(1)} %`;
    const distance =
      ratio === undefined
        ? ''
        : $localize` Their median distance to a training row is ${ratio.toFixed(2)} times that of unseen rows.`;
    return $localize`At epoch ${last.epoch}, of ${rows} judged rows ${said(copied)} equal a training row; among held-out rows it is ${said(held)}.${distance}`;
  });

  private line(label: string, color: string, valueOf: (update: QualityUpdate) => number | undefined): ChartLine {
    const y = this.judged().map((update) => valueOf(update) ?? Number.NaN);
    return { label, color: `var(--gd-${color})`, x: this.epochs(), y };
  }
}

function percent(share: number | undefined): number | undefined {
  return share === undefined ? undefined : share * 100;
}

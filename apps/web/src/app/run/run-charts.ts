import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { LineChart } from '../charts/line-chart';
import type { ChartLine } from '../charts/line-chart';
import type { MetricPoints } from './metric-points';

/** Losses and scores over epochs; over steps where a trainer counts no epochs or says more than one value in one. */
@Component({
  selector: 'gd-run-charts',
  imports: [LineChart],
  template: `
    <section class="gd-card">
      <gd-line-chart title="Losses" testId="loss-chart" [xTitle]="axis()" [lines]="losses()" [note]="note()" />
    </section>
    <section class="gd-card">
      <gd-line-chart title="Scores" testId="score-chart" [xTitle]="axis()" [lines]="scores()" [note]="note()" />
    </section>
  `,
  styles: `
    :host {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(min(100%, 340px), 1fr));
      gap: 12px;
    }
    section {
      min-width: 0;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class RunCharts {
  readonly series = input.required<ReadonlyMap<string, MetricPoints>>();
  /** Why the charts are empty or do not move. */
  readonly note = input('');

  protected readonly axis = computed(() => {
    const hasEpochs = [...this.series().values()].every(({ epoch }) =>
      epoch.every((value, index) => value > (epoch[index - 1] ?? 0)),
    );
    return hasEpochs ? 'epoch' : 'step';
  });
  protected readonly losses = computed(() => [
    this.line('generator_loss', 'Generator', 'generator'),
    this.line('discriminator_loss', 'Discriminator', 'discriminator'),
  ]);
  protected readonly scores = computed(() => [
    this.line('real_scores', 'Real', 'real'),
    this.line('fake_scores', 'Fake', 'fake'),
  ]);

  private line(name: string, label: string, color: string): ChartLine {
    const points = this.series().get(name);
    return { label, color: `var(--gd-${color})`, x: points?.[this.axis()] ?? [], y: points?.value ?? [] };
  }
}

import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { LineChart } from '../charts/line-chart';
import type { ChartLine } from '../charts/line-chart';
import type { QualityUpdate } from '@gan-dashboard/shared-types';
import type { MetricPoints } from './metric-points';
import { QualityChart } from './quality/quality-chart';

/** Losses and scores over epochs; over steps where a trainer counts no epochs or says more than one value in one. */
@Component({
  selector: 'gd-run-charts',
  imports: [LineChart, QualityChart],
  template: `
    <section class="gd-card">
      <gd-line-chart
        title="Losses"
        i18n-title
        testId="loss-chart"
        [xTitle]="axis()"
        [lines]="losses()"
        [note]="note()"
      />
    </section>
    <section class="gd-card">
      <gd-line-chart
        title="Scores"
        i18n-title
        testId="score-chart"
        [xTitle]="axis()"
        [lines]="scores()"
        [note]="note()"
      />
    </section>
    @if (quality().length > 0) {
      <section class="gd-card">
        <gd-quality-chart [quality]="quality()" [axis]="axis()" [end]="end()" [note]="note()" />
      </section>
    }
    @if (hasResources()) {
      <section class="gd-card">
        <gd-line-chart
          title="Processor, %"
          i18n-title
          testId="cpu-chart"
          xTitle="step"
          i18n-xTitle
          [lines]="processor()"
          [note]="note()"
        />
      </section>
      <section class="gd-card">
        <gd-line-chart
          title="Memory, GB"
          i18n-title
          testId="memory-chart"
          xTitle="step"
          i18n-xTitle
          [lines]="memory()"
          [note]="note()"
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
    section {
      min-width: 0;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class RunCharts {
  readonly series = input.required<ReadonlyMap<string, MetricPoints>>();
  readonly quality = input<readonly QualityUpdate[]>([]);
  /** Why the charts are empty or do not move. */
  readonly note = input('');

  protected readonly axis = computed(() => {
    const drawn = ['generator_loss', 'discriminator_loss', 'real_scores', 'fake_scores'];
    const hasEpochs = drawn.every((name) =>
      (this.series().get(name)?.epoch ?? []).every((value, index, epoch) => value > (epoch[index - 1] ?? 0)),
    );
    return hasEpochs ? 'epoch' : 'step';
  });
  protected readonly end = computed(() => this.losses()[0]?.x.at(-1));
  protected readonly losses = computed(() => [
    this.line('generator_loss', $localize`Generator`, 'generator'),
    this.line('discriminator_loss', $localize`Discriminator`, 'discriminator'),
  ]);
  protected readonly scores = computed(() => [
    this.line('real_scores', $localize`Real`, 'real'),
    this.line('fake_scores', $localize`Fake`, 'fake'),
  ]);

  protected readonly hasResources = computed(() => this.series().has('cpu_percent'));
  protected readonly processor = computed(() => [
    this.resource('cpu_percent', $localize`This run`, 'series-1'),
    this.resource('worker_cpu_percent', $localize`Machine`, 'series-3'),
    ...this.gpus('utilization_percent', 1),
  ]);
  protected readonly memory = computed(() => [
    this.resource('memory_bytes', $localize`This run`, 'series-1', 1e-9),
    this.resource('worker_memory_bytes', $localize`Machine`, 'series-3', 1e-9),
    ...this.gpus('memory_bytes', 1e-9),
  ]);

  /** A line for each GPU that was measured. */
  private gpus(quantity: string, unit: number): ChartLine[] {
    const names = [...this.series().keys()].filter((name) => new RegExp(`^gpu\\d+_${quantity}$`).test(name));
    return names.map((name, index) =>
      this.resource(name, $localize`GPU ${index}`, `series-${2 + (index % 2) * 2}`, unit),
    );
  }

  private resource(name: string, label: string, color: string, unit = 1): ChartLine {
    const points = this.series().get(name);
    const y = (points?.value ?? []).map((value) => value * unit);
    return { label, color: `var(--gd-${color})`, x: points?.step ?? [], y };
  }

  private line(name: string, label: string, color: string): ChartLine {
    const points = this.series().get(name);
    return { label, color: `var(--gd-${color})`, x: points?.[this.axis()] ?? [], y: points?.value ?? [] };
  }
}

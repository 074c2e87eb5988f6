import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { LineChart } from '../../charts/line-chart';
import type { ChartLine } from '../../charts/line-chart';
import type { RunPicture } from '../run-picture';

/** What the run takes of the machine it trains on. */
@Component({
  selector: 'gd-system-panel',
  imports: [LineChart],
  template: `
    <section class="gd-card facts">
      <dl>
        <dt i18n>Engine</dt>
        <dd>
          @if (picture().start?.engine; as said) {
            <ng-container>{{ said }}</ng-container>
          } @else {
            <ng-container i18n>not said</ng-container>
          }
        </dd>
        <dt i18n>Worker</dt>
        <dd>
          @if (picture().run.worker_id; as said) {
            <ng-container>{{ said }}</ng-container>
          } @else {
            <ng-container i18n>none at work on it</ng-container>
          }
        </dd>
        <dt i18n>Attempt</dt>
        <dd>{{ picture().run.attempt }}</dd>
        <dt i18n>When its process is lost</dt>
        <dd>{{ policies[picture().run.on_interruption] }}</dd>
      </dl>
    </section>
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
    } @else {
      <p class="gd-card facts" data-testid="system-note" i18n>
        Processor and memory of this run have not been measured yet: they come with the first epochs of a run that this
        dashboard trains.
      </p>
    }
  `,
  styles: `
    :host {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(min(100%, 340px), 1fr));
      align-items: start;
      gap: 12px;
    }
    .facts {
      padding: 12px 14px;
    }
    dl {
      display: grid;
      grid-template-columns: max-content minmax(0, 1fr);
      gap: 3px 14px;
    }
    dt {
      color: var(--gd-muted);
    }
    dd {
      overflow-wrap: anywhere;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class SystemPanel {
  readonly picture = input.required<RunPicture>();
  readonly note = input('');

  protected readonly policies = {
    auto: $localize`goes on from its last checkpoint`,
    ask: $localize`waits until somebody resumes it`,
    never: $localize`stays interrupted`,
  } as const;
  private readonly series = computed(() => this.picture().series);
  protected readonly hasResources = computed(() => this.series().has('cpu_percent'));
  protected readonly processor = computed(() => [
    this.line('cpu_percent', $localize`This run`, 'series-1'),
    this.line('worker_cpu_percent', $localize`Machine`, 'series-3'),
    ...this.gpus('utilization_percent', 1),
  ]);
  protected readonly memory = computed(() => [
    this.line('memory_bytes', $localize`This run`, 'series-1', 1e-9),
    this.line('worker_memory_bytes', $localize`Machine`, 'series-3', 1e-9),
    ...this.gpus('memory_bytes', 1e-9),
  ]);

  /** A line for each GPU that was measured. */
  private gpus(quantity: string, unit: number): ChartLine[] {
    const names = [...this.series().keys()].filter((name) => new RegExp(`^gpu\\d+_${quantity}$`).test(name));
    return names.map((name, index) => this.line(name, $localize`GPU ${index}`, `series-${2 + (index % 2) * 2}`, unit));
  }

  private line(name: string, label: string, color: string, unit = 1): ChartLine {
    const points = this.series().get(name);
    const y = (points?.value ?? []).map((value) => value * unit);
    return { label, color: `var(--gd-${color})`, x: points?.step ?? [], y };
  }
}

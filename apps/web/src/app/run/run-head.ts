import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { MatProgressBar } from '@angular/material/progress-bar';
import { formatDuration, formatPercent } from '../design/format';
import { Icon } from '../design/icon';
import { StatusChip } from '../design/status-chip';
import { Clock } from '../live/clock';
import { failureText } from './failure-text';
import { runFigures } from './run-figures';
import type { RunPicture } from './run-picture';

/** What a run is, how far it is, and why it failed if it did. */
@Component({
  selector: 'gd-run-head',
  imports: [Icon, MatProgressBar, StatusChip],
  templateUrl: './run-head.html',
  styleUrl: './run-head.scss',
  host: { class: 'gd-card' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class RunHead {
  readonly picture = input.required<RunPicture>();
  readonly datasetName = input.required<string>();
  private readonly clock = inject(Clock);

  protected readonly run = computed(() => this.picture().run);
  protected readonly figures = computed(() => runFigures(this.picture(), this.clock.now()));
  protected readonly failure = computed(() => failureText(this.run(), this.picture().completion));
  protected readonly phase = computed(() => {
    const { run, progress } = this.picture();
    if (run.status !== 'running' && run.status !== 'starting') return run.status;
    return progress?.phase ?? run.status;
  });
  protected readonly progressText = computed(() => {
    const run = this.run();
    const epoch = run.total_epochs > 0 ? `epoch ${run.epoch} of ${run.total_epochs}` : 'no epoch yet';
    const eta = run.eta_seconds === null ? '' : `, ${formatDuration(run.eta_seconds)} left`;
    return `${formatPercent(run.progress_percent)}, ${epoch}, ${this.phase()}${eta}`;
  });
  protected readonly subtitle = computed(() => {
    const { run, start } = this.picture();
    const parameters = start ? Object.values(start.parameters).reduce((sum, count) => sum + count, 0) : null;
    return [
      run.model,
      this.datasetName(),
      ...(run.seed === null ? [] : [`seed ${run.seed}`]),
      ...(parameters === null ? [] : [`${parameters.toLocaleString('en')} parameters`]),
      ...(start?.engine === undefined ? [] : [start.engine]),
    ].join(' · ');
  });
}

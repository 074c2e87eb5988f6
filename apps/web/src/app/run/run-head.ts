import { ChangeDetectionStrategy, Component, computed, inject, input, output } from '@angular/core';
import { MatProgressBar } from '@angular/material/progress-bar';
import { RouterLink } from '@angular/router';
import { formatDuration, formatPercent } from '../design/format';
import { Icon } from '../design/icon';
import { StatusChip } from '../design/status-chip';
import { Clock } from '../live/clock';
import { RunsStore } from '../runs/runs-store';
import { failureText } from './failure-text';
import { HealthDetails } from './quality/health-details';
import { RunName } from './page/run-name';
import { queueText } from './queue-text';
import { RunControls } from './run-controls';
import { runFigures } from './run-figures';
import type { RunPicture } from './run-picture';

/** What a run is, how far it is, and why it failed if it did. */
@Component({
  selector: 'gd-run-head',
  imports: [HealthDetails, Icon, MatProgressBar, RouterLink, RunControls, RunName, StatusChip],
  templateUrl: './run-head.html',
  styleUrl: './run-head.scss',
  host: { class: 'gd-card' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class RunHead {
  readonly picture = input.required<RunPicture>();
  readonly datasetName = input.required<string>();
  /** It stands on the page of its own: its name can be changed. */
  readonly isPage = input(false);
  readonly fork = output();
  private readonly clock = inject(Clock);
  private readonly runs = inject(RunsStore);

  protected readonly run = computed(() => this.picture().run);
  protected readonly figures = computed(() => runFigures(this.picture(), this.clock.now()));
  protected readonly failure = computed(() => failureText(this.run(), this.picture().completion));
  protected readonly queueText = computed(() => queueText({ ...this.run(), ...this.listed() }, this.clock.now()));
  /** Its place in the queue is kept by the list: what moves it is the start of others. */
  private readonly listed = computed(() => {
    const listed = this.runs.byId(this.run().id);
    return listed && { queue_position: listed.queue_position, expected_start_at: listed.expected_start_at };
  });
  protected readonly phase = computed(() => {
    const { run, progress } = this.picture();
    if (run.status !== 'running' && run.status !== 'starting') return run.status;
    return progress?.phase ?? run.status;
  });
  protected readonly progressText = computed(() => {
    const run = this.run();
    const counted = run.epoch > 0 ? $localize`epoch ${run.epoch}` : $localize`no epoch yet`;
    const epoch = run.total_epochs > 0 ? $localize`epoch ${run.epoch} of ${run.total_epochs}` : counted;
    const eta = run.eta_seconds === null ? '' : $localize`, ${formatDuration(run.eta_seconds)} left`;
    return `${formatPercent(run.progress_percent)}, ${epoch}, ${this.phase()}${eta}`;
  });
  protected readonly subtitle = computed(() => {
    const { run, start } = this.picture();
    // A program of somebody else does not say how many it has.
    const parameters = Object.values(start?.parameters ?? {}).reduce((sum, count) => sum + count, 0);
    return [
      run.model,
      this.datasetName(),
      ...(run.seed === null ? [] : [$localize`seed ${run.seed}`]),
      ...(parameters === 0 ? [] : [$localize`${parameters.toLocaleString('en')} parameters`]),
      ...(start?.engine === undefined ? [] : [start.engine]),
    ].join(' · ');
  });
}

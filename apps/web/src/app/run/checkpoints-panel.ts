import { ChangeDetectionStrategy, Component, computed, inject, input, output, signal } from '@angular/core';
import { toApiProblem } from '../api/api-problem';
import type { ApiProblem } from '../api/api-problem';
import { RunsApi } from '../api/runs-api';
import { formatBytes, formatMoment } from '../design/format';
import { Icon } from '../design/icon';
import { ProblemNotice } from '../problems/problem-notice';
import type { CheckpointInfo } from './run-picture';
import { AriaLabel } from '../design/aria-label';

const shownAtFirst = 5;

const reasons = {
  schedule: $localize`by time`,
  requested: $localize`on request`,
  best: $localize`as the best so far`,
  stop: $localize`at the stop`,
  end: $localize`at the end`,
} as const;

/** The saved states of the open run: pin, download, fork. */
@Component({
  selector: 'gd-checkpoints-panel',
  imports: [AriaLabel, Icon, ProblemNotice],
  templateUrl: './checkpoints-panel.html',
  styleUrl: './checkpoints-panel.scss',
  host: { class: 'gd-card' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class CheckpointsPanel {
  readonly checkpoints = input.required<readonly CheckpointInfo[]>();
  readonly fork = output<CheckpointInfo>();
  readonly changed = output();

  private readonly api = inject(RunsApi);
  protected readonly isOpen = signal(false);
  protected readonly problem = signal<ApiProblem | null>(null);
  protected readonly kept = computed(() =>
    this.checkpoints()
      .filter((checkpoint) => !checkpoint.removed_at)
      .toSorted((a, b) => b.step - a.step),
  );
  protected readonly removedCount = computed(() => this.checkpoints().length - this.kept().length);
  protected readonly shown = computed(() => (this.isOpen() ? this.kept() : this.kept().slice(0, shownAtFirst)));

  protected readonly formatBytes = formatBytes;
  protected readonly formatMoment = formatMoment;

  protected facts(checkpoint: CheckpointInfo): string {
    return [
      $localize`step ${checkpoint.step.toLocaleString('en')}`,
      ...(checkpoint.created_at === undefined ? [] : [formatMoment(checkpoint.created_at)]),
      ...(checkpoint.reason === undefined ? [] : [$localize`saved ${reasons[checkpoint.reason]}`]),
    ].join(' · ');
  }

  protected fileUrl(checkpoint: CheckpointInfo): string {
    return `api/v1/checkpoints/${checkpoint.id}/file`;
  }

  protected async pin(checkpoint: CheckpointInfo): Promise<void> {
    try {
      await this.api.pin(checkpoint.id, !checkpoint.is_pinned);
      this.problem.set(null);
      this.changed.emit();
    } catch (error) {
      this.problem.set(toApiProblem(error));
    }
  }
}

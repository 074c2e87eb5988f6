import { ChangeDetectionStrategy, Component, computed, effect, inject, input, signal } from '@angular/core';
import type { Preflight, PreflightRequest } from '@gan-dashboard/shared-types';
import { toApiProblem } from '../../api/api-problem';
import type { ApiProblem } from '../../api/api-problem';
import { formatBytes, formatCount, formatDuration } from '../../design/format';
import { Icon } from '../../design/icon';
import { Skeleton } from '../../design/skeleton';
import { ProblemNotice } from '../../problems/problem-notice';
import { PreflightApi } from './preflight-api';

/** Who types is not asked about at every key. */
const restMs = 300;

/** What is known of the run that is being set up: its size, its time, and what speaks against it. */
@Component({
  selector: 'gd-preflight-panel',
  imports: [Icon, ProblemNotice, Skeleton],
  templateUrl: './preflight-panel.html',
  styleUrl: './preflight-panel.scss',
  host: { class: 'gd-card', 'data-testid': 'preflight' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class PreflightPanel {
  /** Null while something is not chosen or wrong in the form itself. */
  readonly request = input.required<PreflightRequest | null>();
  /** The roles of the columns: others give other answers. */
  readonly roles = input('');

  private readonly api = inject(PreflightApi);
  protected readonly answer = signal<Preflight | null>(null);
  protected readonly problem = signal<ApiProblem | null>(null);
  private readonly asked = computed(() => JSON.stringify(this.request()));
  private readonly attempt = signal(0);

  protected readonly facts = computed(() => {
    const found = this.answer();
    if (!found) return [];
    const unknown = $localize`not known beforehand for this model`;
    const count = (value: number | null, unit: string) => (value === null ? unknown : `${formatCount(value)} ${unit}`);
    const atMost = (text: string) => (text === unknown ? text : $localize`at most ${text}`);
    return [
      {
        name: $localize`Time`,
        value: found.time ? $localize`about ${formatDuration(found.time.seconds)}` : $localize`not known`,
        hint: found.time?.detail ?? $localize`No former run of this model on this data set was measured.`,
      },
      {
        name: $localize`Memory`,
        value: found.memory_bytes === null ? unknown : $localize`about ${formatBytes(found.memory_bytes)}`,
        hint: $localize`Encoded rows, weights and a batch, by formula; the process itself comes on top.`,
      },
      {
        name: $localize`Parameters`,
        value: atMost(count(found.parameters, 'weights')),
        hint: $localize`Of all networks together.`,
      },
      { name: $localize`Encoded width`, value: atMost(count(found.encoded_width, 'places')), hint: this.widest(found) },
      {
        name: $localize`Rows to train on`,
        value: count(found.training_rows, 'rows'),
        hint: $localize`Without those held out to tell copying from learning.`,
      },
      { name: $localize`Steps`, value: count(found.total_steps, 'steps'), hint: $localize`Of one run.` },
    ];
  });

  constructor() {
    effect((onCleanup) => {
      this.attempt();
      this.roles();
      const request = JSON.parse(this.asked()) as PreflightRequest | null;
      if (!request) return this.answer.set(null);
      let isCurrent = true;
      const timer = setTimeout(() => void this.look(request, () => isCurrent), restMs);
      onCleanup(() => {
        isCurrent = false;
        clearTimeout(timer);
      });
    });
  }

  protected retry(): void {
    this.attempt.update((count) => count + 1);
  }

  private async look(request: PreflightRequest, isCurrent: () => boolean): Promise<void> {
    try {
      const answer = await this.api.look(request);
      if (!isCurrent()) return;
      this.answer.set(answer);
      this.problem.set(null);
    } catch (error) {
      if (isCurrent()) this.problem.set(toApiProblem(error));
    }
  }

  private widest({ columns }: Preflight): string {
    const [first] = [...(columns ?? [])].sort((one, other) => other.at_most - one.at_most);
    return first ? $localize`The widest column is “${first.name}” with ${formatCount(first.at_most)} places.` : '';
  }
}

import { ChangeDetectionStrategy, Component, computed, inject, input, output, signal } from '@angular/core';
import type { Run } from '@gan-dashboard/shared-types';
import { toApiProblem } from '../api/api-problem';
import type { ApiProblem } from '../api/api-problem';
import { idempotencyKey } from '../api/request';
import { RunsApi } from '../api/runs-api';
import { Icon } from '../design/icon';
import { Session } from '../identity/session';
import { ProblemNotice } from '../problems/problem-notice';
import { RunsStore } from '../runs/runs-store';
import { Selection } from '../workspace/selection';
import { runActions } from './run-actions';
import type { RunAction } from './run-actions';
import { SamplesStore } from './samples-store';

/** The buttons that act on the open run. */
@Component({
  selector: 'gd-run-controls',
  imports: [Icon, ProblemNotice],
  template: `
    <div class="buttons" role="toolbar" aria-label="Act on the run" i18n-aria-label>
      @for (state of actions(); track state.action) {
        <button
          type="button"
          class="gd-tool outlined"
          [attr.data-testid]="'run-' + state.action"
          [attr.aria-disabled]="state.blocked !== ''"
          [title]="state.blocked || state.hint"
          [attr.aria-description]="state.blocked || state.hint"
          (click)="state.blocked === '' && act(state.action)"
        >
          <gd-icon [name]="state.icon" />{{ state.label }}
        </button>
      }
    </div>
    @if (failure(); as failed) {
      <gd-problem-notice
        [what]="failed.what"
        [problem]="failed.problem"
        [canRetry]="false"
        [canDismiss]="true"
        (dismiss)="failure.set(null)"
      />
    }
  `,
  styles: `
    :host {
      display: grid;
      gap: 8px;
    }
    .buttons {
      display: flex;
      flex-wrap: wrap;
      gap: 6px;
    }
    button[aria-disabled='true'] {
      opacity: 0.5;
      cursor: default;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class RunControls {
  readonly run = input.required<Run>();
  readonly hasCheckpoint = input.required<boolean>();
  readonly fork = output();

  private readonly api = inject(RunsApi);
  private readonly runs = inject(RunsStore);
  private readonly samples = inject(SamplesStore);
  private readonly selection = inject(Selection);
  private readonly session = inject(Session);

  protected readonly failure = signal<{ what: string; problem: ApiProblem } | null>(null);
  private readonly pending = signal<RunAction | null>(null);
  protected readonly actions = computed(() =>
    runActions({ run: this.run(), hasCheckpoint: this.hasCheckpoint(), pending: this.pending() }).map((state) => ({
      ...state,
      blocked: this.session.trainBlocker() || state.blocked,
    })),
  );

  protected async act(action: RunAction): Promise<void> {
    if (action === 'fork') {
      this.fork.emit();
      return;
    }
    this.pending.set(action);
    try {
      await this.send(action);
      this.failure.set(null);
    } catch (error) {
      this.failure.set({ what: `The server refused: ${action}`, problem: toApiProblem(error) });
    } finally {
      this.pending.set(null);
    }
  }

  private async send(action: Exclude<RunAction, 'fork'>): Promise<void> {
    const { id } = this.run();
    switch (action) {
      case 'pause':
      case 'resume':
      case 'stop':
      case 'checkpoint':
        return this.api.act(id, action);
      case 'sample':
        return this.samples.create({ rows: 1_000, seed: 42, format: 'csv', now: true });
      case 'retry': {
        const run = await this.api.retry(id, idempotencyKey());
        this.runs.put([run]);
        this.selection.openRun(run.id);
      }
    }
  }
}

import { ChangeDetectionStrategy, Component, computed, effect, inject, input, signal, untracked } from '@angular/core';
import type { RunMessage } from '@gan-dashboard/shared-types';
import { toApiProblem } from '../../api/api-problem';
import type { ApiProblem } from '../../api/api-problem';
import { formatClock } from '../../design/format';
import { ProblemNotice } from '../../problems/problem-notice';
import { RunPageApi } from './run-page-api';

const pageSize = 200;
/** They come many a second and have views of their own. */
const noisy: ReadonlySet<RunMessage['type']> = new Set(['log_entry', 'progress', 'training_update', 'resource_update']);

/** The log of the run's events, newest first, page by page. */
@Component({
  selector: 'gd-events-panel',
  imports: [ProblemNotice],
  template: `
    <div class="gd-card-head">
      <h2 i18n>Events</h2>
      <button type="button" class="gd-tool" [attr.aria-pressed]="hasAll()" (click)="hasAll.set(!hasAll())" i18n>
        Metrics and lines too
      </button>
      <button type="button" class="gd-tool" [disabled]="isLoading()" (click)="reload()" i18n>Read again</button>
    </div>
    @if (problem(); as failed) {
      <gd-problem-notice what="The events could not be loaded" i18n-what [problem]="failed" (retry)="reload()" />
    }
    <ol data-testid="event-list">
      @for (event of shown(); track event.seq) {
        <li>
          <span class="gd-muted">{{ event.seq }}</span>
          <span class="gd-muted">{{ formatClock(event.timestamp) }}</span>
          <strong>{{ event.type }}</strong>
          <code>{{ wordsOf(event) }}</code>
        </li>
      } @empty {
        <li class="gd-muted">
          @if (isLoading()) {
            <ng-container i18n>Loading…</ng-container>
          } @else {
            <ng-container i18n>None among the events that were read.</ng-container>
          }
        </li>
      }
    </ol>
    @if (oldest() > 1) {
      <button type="button" class="gd-tool more" [disabled]="isLoading()" (click)="loadEarlier()">
        @if (isLoading()) {
          <ng-container i18n>Loading…</ng-container>
        } @else {
          <ng-container i18n>Earlier events</ng-container>
        }
      </button>
    }
  `,
  styles: `
    li {
      display: flex;
      flex-wrap: wrap;
      gap: 2px 10px;
      padding: 4px 12px;
      border-top: 1px solid var(--gd-border);
    }
    code {
      min-width: 0;
      overflow-wrap: anywhere;
      font-size: 11.5px;
    }
    .more {
      margin: 6px 8px;
    }
  `,
  host: { class: 'gd-card' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class EventsPanel {
  readonly runId = input.required<string>();
  /** Place of the newest event, as it was when the panel was opened. */
  readonly lastSeq = input.required<number>();

  private readonly api = inject(RunPageApi);
  private readonly events = signal<readonly RunMessage[]>([]);
  protected readonly hasAll = signal(false);
  protected readonly isLoading = signal(false);
  protected readonly problem = signal<ApiProblem | null>(null);
  /** Place of the oldest event that was read; Infinity before. */
  protected readonly oldest = signal(Infinity);
  protected readonly shown = computed(() =>
    this.hasAll() ? this.events() : this.events().filter(({ type }) => !noisy.has(type)),
  );
  protected readonly formatClock = formatClock;

  constructor() {
    effect(() => {
      this.runId();
      untracked(() => void this.reload());
    });
  }

  protected async reload(): Promise<void> {
    this.events.set([]);
    this.oldest.set(Infinity);
    await this.loadEarlier();
  }

  protected async loadEarlier(): Promise<void> {
    const before = Math.min(this.oldest(), this.lastSeq() + 1);
    const after = Math.max(0, before - 1 - pageSize);
    this.isLoading.set(true);
    try {
      const read = await this.api.events(this.runId(), after, pageSize);
      const fresh = read.filter(({ seq }) => seq < before).toReversed();
      this.events.update((known) => [...known, ...fresh]);
      this.oldest.set(after + 1);
      this.problem.set(null);
    } catch (error) {
      this.problem.set(toApiProblem(error));
    } finally {
      this.isLoading.set(false);
    }
  }

  protected wordsOf({ data }: RunMessage): string {
    const text = JSON.stringify(data);
    return text.length > 400 ? `${text.slice(0, 400)}…` : text;
  }
}

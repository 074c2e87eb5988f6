import { ChangeDetectionStrategy, Component, DestroyRef, computed, inject, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { ServerInfo } from '@gan-dashboard/shared-types';
import { toApiProblem } from '../api/api-problem';
import type { ApiProblem } from '../api/api-problem';
import { Skeleton } from '../design/skeleton';
import { Session } from '../identity/session';
import { LiveEvents } from '../live/live-events';
import { ProblemNotice } from '../problems/problem-notice';
import { ConnectionDetail } from '../shell/connection-detail';
import { Preferences } from '../shell/preferences';
import type { Density } from '../shell/preferences';
import { RailWidth } from '../shell/rail-width';
import { Shortcuts } from '../shell/shortcuts';
import { Theme } from '../shell/theme';
import type { ThemeChoice } from '../shell/theme';
import { WorkersStore } from '../workers/workers-store';
import { ServerApi } from './server-api';
import { serverFacts } from './server-text';

/** What a person may choose for this browser, and what the server says of itself. */
@Component({
  selector: 'gd-settings-page',
  imports: [ConnectionDetail, ProblemNotice, RouterLink, Skeleton],
  templateUrl: './settings-page.html',
  styleUrl: './settings-page.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class SettingsPage {
  private readonly api = inject(ServerApi);
  private readonly workers = inject(WorkersStore);
  protected readonly live = inject(LiveEvents);
  protected readonly session = inject(Session);
  protected readonly theme = inject(Theme);
  protected readonly preferences = inject(Preferences);
  protected readonly rail = inject(RailWidth);
  protected readonly shortcuts = inject(Shortcuts);

  private readonly info = signal<ServerInfo | null>(null);
  protected readonly problem = signal<ApiProblem | null>(null);
  protected readonly facts = computed(() => {
    const info = this.info();
    return info ? serverFacts(info) : null;
  });
  protected readonly slots = computed(() =>
    (this.workers.items() ?? []).filter((worker) => worker.is_alive).reduce((sum, { slots }) => sum + slots, 0),
  );
  protected readonly hasWorkers = computed(() => this.workers.items() !== null);

  protected readonly themes: readonly { choice: ThemeChoice; label: string }[] = [
    { choice: 'system', label: $localize`System` },
    { choice: 'light', label: $localize`Light` },
    { choice: 'dark', label: $localize`Dark` },
  ];
  protected readonly densities: readonly { choice: Density; label: string }[] = [
    { choice: 'comfortable', label: $localize`Comfortable` },
    { choice: 'compact', label: $localize`Compact` },
  ];

  constructor() {
    void this.load();
    this.workers.watch(inject(DestroyRef));
  }

  protected async load(): Promise<void> {
    try {
      this.info.set(await this.api.info());
      this.problem.set(null);
    } catch (error) {
      this.problem.set(toApiProblem(error));
    }
  }
}

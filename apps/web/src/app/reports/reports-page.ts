import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { Router, RouterLink } from '@angular/router';
import type { Dataset, Report } from '@gan-dashboard/shared-types';
import { toApiProblem } from '../api/api-problem';
import type { ApiProblem } from '../api/api-problem';
import { DatasetsApi } from '../api/datasets-api';
import { formatMoment } from '../design/format';
import { Skeleton } from '../design/skeleton';
import { StatusChip } from '../design/status-chip';
import { ProblemNotice } from '../problems/problem-notice';
import { ReportPoller } from './report-poller';
import { ReportsApi } from './reports-api';

/** All reports, and a form to compare any two data sets. */
@Component({
  selector: 'gd-reports-page',
  imports: [MatButton, ProblemNotice, RouterLink, Skeleton, StatusChip],
  templateUrl: './reports-page.html',
  styleUrl: './reports-page.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ReportsPage {
  private readonly api = inject(ReportsApi);
  private readonly datasetsApi = inject(DatasetsApi);
  private readonly router = inject(Router);
  protected readonly reports = signal<readonly Report[] | null>(null);
  protected readonly cursor = signal<string | null>(null);
  protected readonly datasets = signal<readonly Dataset[]>([]);
  protected readonly problem = signal<ApiProblem | null>(null);
  protected readonly isCreating = signal(false);
  protected readonly realId = signal('');
  protected readonly syntheticId = signal('');
  protected readonly target = signal('');
  private readonly poller = new ReportPoller(() => this.load());
  protected readonly formatMoment = formatMoment;

  protected readonly targets = computed(() => {
    const real = this.datasets().find(({ id }) => id === this.realId());
    return (real?.columns ?? []).filter(({ role }) => role !== 'id' && role !== 'excluded').map(({ name }) => name);
  });
  /** Why nothing can be compared; empty where it can. */
  protected readonly reason = computed(() => {
    if (this.realId() === '') return $localize`Choose the real data set.`;
    if (this.syntheticId() === '') return $localize`Choose the synthetic data set.`;
    return this.isCreating() ? $localize`The report is being asked for.` : '';
  });

  constructor() {
    void this.poller.now();
    void this.loadDatasets();
  }

  protected chooseReal(id: string): void {
    this.realId.set(id);
    this.target.set('');
  }

  protected retry(): void {
    void this.poller.now();
    void this.loadDatasets();
  }

  protected async compare(event: Event): Promise<void> {
    event.preventDefault();
    if (this.reason() !== '') return;
    this.isCreating.set(true);
    try {
      const target = this.target() === '' ? {} : { target: this.target() };
      const request = { real_dataset_id: this.realId(), synthetic_dataset_id: this.syntheticId(), ...target };
      const { id } = await this.api.create(request);
      await this.router.navigate(['/reports', id]);
    } catch (error) {
      this.problem.set(toApiProblem(error));
    } finally {
      this.isCreating.set(false);
    }
  }

  protected async loadMore(): Promise<void> {
    const cursor = this.cursor();
    if (cursor === null) return;
    try {
      const page = await this.api.list({ cursor });
      this.reports.update((items) => [...(items ?? []), ...page.items]);
      this.cursor.set(page.next_cursor);
    } catch (error) {
      this.problem.set(toApiProblem(error));
    }
  }

  private async loadDatasets(): Promise<void> {
    try {
      this.datasets.set((await this.datasetsApi.list()).items.filter(({ status }) => status === 'ready'));
    } catch (error) {
      this.problem.set(toApiProblem(error));
    }
  }

  /** The first page; older ones that were loaded stay below it. */
  private async load(): Promise<boolean> {
    try {
      const page = await this.api.list();
      const fresh = new Set(page.items.map(({ id }) => id));
      const older =
        this.cursor() === null
          ? []
          : (this.reports() ?? []).slice(page.items.length).filter(({ id }) => !fresh.has(id));
      this.reports.set([...page.items, ...older]);
      if (older.length === 0) this.cursor.set(page.next_cursor);
      this.problem.set(null);
      return page.items.some(({ status }) => status === 'queued' || status === 'running');
    } catch (error) {
      this.problem.set(toApiProblem(error));
      return false;
    }
  }
}

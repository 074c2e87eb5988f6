import { DestroyRef, Injectable, computed, inject, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import type { ColumnRole, Dataset, DatasetGenerate, SequenceRole } from '@gan-dashboard/shared-types';
import type { Subscription } from 'rxjs';
import { toApiProblem } from '../api/api-problem';
import type { ApiProblem } from '../api/api-problem';
import { DatasetsApi } from '../api/datasets-api';
import { LiveEvents } from '../live/live-events';

const pollMs = 1_000;

export interface Upload {
  fileName: string;
  /** 0 to 1; absent while the total is not known. */
  fraction: number | undefined;
}

/** The data sets of the server and what is being done to them. */
@Injectable({ providedIn: 'root' })
export class DatasetsStore {
  private readonly api = inject(DatasetsApi);
  private readonly loaded = signal<readonly Dataset[] | null>(null);
  private readonly cursor = signal<string | null>(null);
  private pollTimer: ReturnType<typeof setTimeout> | undefined;
  private uploading: Subscription | undefined;

  /** Null until the first page came. */
  readonly items = this.loaded.asReadonly();
  readonly hasMore = computed(() => this.cursor() !== null);
  readonly problem = signal<ApiProblem | null>(null);
  readonly upload = signal<Upload | null>(null);
  readonly uploadProblem = signal<{ fileName: string; problem: ApiProblem } | null>(null);

  constructor() {
    inject(LiveEvents)
      .resync.pipe(takeUntilDestroyed())
      .subscribe(() => void this.load());
    inject(DestroyRef).onDestroy(() => {
      clearTimeout(this.pollTimer);
      this.cancelUpload();
    });
  }

  byId(id: string | null): Dataset | undefined {
    return this.loaded()?.find((dataset) => dataset.id === id);
  }

  /** What a run's data set is called, or why there is no name. */
  nameOf(id: string | null): string {
    return this.byId(id)?.name ?? (id === null ? $localize`data set deleted` : $localize`data set not listed`);
  }

  async load(): Promise<void> {
    await this.page(undefined, () => []);
  }

  async loadMore(): Promise<void> {
    const cursor = this.cursor();
    if (cursor !== null) await this.page(cursor, () => this.loaded() ?? []);
  }

  /** Makes sure that a data set is in the list even where it stands on a later page. @throws ApiProblem */
  async ensure(id: string): Promise<void> {
    if (!this.byId(id)) this.put(await this.api.get(id));
  }

  startUpload(file: File, then: (dataset: Dataset) => void): void {
    this.cancelUpload();
    this.uploadProblem.set(null);
    this.upload.set({ fileName: file.name, fraction: 0 });
    this.uploading = this.api.upload(file).subscribe({
      next: (event) => {
        if (event.kind === 'progress') return this.upload.set({ fileName: file.name, fraction: event.fraction });
        this.put(event.dataset);
        then(event.dataset);
      },
      error: (error: unknown) => {
        this.upload.set(null);
        this.uploadProblem.set({ fileName: file.name, problem: toApiProblem(error) });
      },
      complete: () => this.upload.set(null),
    });
  }

  cancelUpload(): void {
    this.uploading?.unsubscribe();
    this.upload.set(null);
  }

  /** @throws ApiProblem */
  async generate(request: DatasetGenerate): Promise<Dataset> {
    const dataset = await this.api.generate(request);
    this.put(dataset);
    return dataset;
  }

  /** @throws ApiProblem */
  async setSequenceRole(id: string, column: string, role: SequenceRole | null): Promise<void> {
    this.put(await this.api.setSequenceRole(id, column, role));
  }

  async setRole(id: string, column: string, role: ColumnRole): Promise<void> {
    this.put(await this.api.setRole(id, column, role));
  }

  /** A data set as the server has changed it. */
  replace(dataset: Dataset): void {
    this.put(dataset);
  }

  /** @throws ApiProblem */
  async remove(id: string): Promise<void> {
    await this.api.delete(id);
    this.loaded.update((items) => items?.filter((dataset) => dataset.id !== id) ?? null);
  }

  private async page(cursor: string | undefined, before: () => readonly Dataset[]): Promise<void> {
    try {
      const page = await this.api.list(cursor);
      this.loaded.set(merged(before(), page.items));
      this.cursor.set(page.next_cursor);
      this.problem.set(null);
      this.pollImporting();
    } catch (error) {
      this.problem.set(toApiProblem(error));
    }
  }

  private put(dataset: Dataset): void {
    this.loaded.update((items) => {
      const known = items ?? [];
      const isKnown = known.some((item) => item.id === dataset.id);
      return isKnown ? known.map((item) => (item.id === dataset.id ? dataset : item)) : [dataset, ...known];
    });
    this.pollImporting();
  }

  /** Reads each importing data set again until it is ready or failed. */
  private pollImporting(): void {
    clearTimeout(this.pollTimer);
    const importing = (this.loaded() ?? []).filter((dataset) => dataset.status === 'importing');
    if (importing.length === 0) return;
    this.pollTimer = setTimeout(() => {
      Promise.all(importing.map(async (dataset) => this.put(await this.api.get(dataset.id)))).catch((error: unknown) =>
        this.problem.set(toApiProblem(error)),
      );
    }, pollMs);
  }
}

function merged(before: readonly Dataset[], page: readonly Dataset[]): Dataset[] {
  const known = new Set(before.map((dataset) => dataset.id));
  return [...before, ...page.filter((dataset) => !known.has(dataset.id))];
}

import { Injectable, inject, signal } from '@angular/core';
import type { Run } from '@gan-dashboard/shared-types';
import { RunsApi } from '../api/runs-api';
import { DatasetsStore } from '../datasets/datasets-store';

/** The runs that lists of other things name, each read once, with their data sets. */
@Injectable()
export class KnownRuns {
  private readonly api = inject(RunsApi);
  private readonly datasets = inject(DatasetsStore);
  private readonly asked = new Set<string>();
  private readonly known = signal<ReadonlyMap<string, Run>>(new Map());

  byId(id: string): Run | undefined {
    return this.known().get(id);
  }

  want(ids: readonly string[]): void {
    for (const id of new Set(ids)) {
      if (this.asked.has(id)) continue;
      this.asked.add(id);
      this.read(id).catch((error: unknown) => {
        // The name is then missing beside what it belongs to, which is there all the same.
        this.asked.delete(id);
        console.warn(`Run ${id} could not be read`, error);
      });
    }
  }

  private async read(id: string): Promise<void> {
    const run = await this.api.get(id);
    this.known.update((runs) => new Map(runs).set(id, run));
    if (run.dataset_id !== null) await this.datasets.ensure(run.dataset_id);
  }
}

import { Injectable, computed, inject } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { ActivatedRoute, Router } from '@angular/router';
import { Selection } from '../../workspace/selection';

/** On the page of one run the path says which is open; the form for the next training stands on the workbench. */
@Injectable()
export class RunPageSelection extends Selection {
  private readonly ways = inject(Router);
  private readonly place = inject(ActivatedRoute);
  private readonly path = toSignal(this.place.paramMap, { initialValue: this.place.snapshot.paramMap });

  override readonly runId = computed(() => this.path().get('id'));

  override openRun(id: string | null): void {
    this.leave(id === null ? ['/runs'] : ['/runs', id], {});
  }

  override openDataset(id: string | null): void {
    this.leave(['/workspace'], { dataset: id, view: 'data' });
  }

  override chooseDataset(id: string | null): void {
    this.leave(['/workspace'], { dataset: id, run: this.runId() });
  }

  private leave(path: string[], queryParams: Record<string, string | null>): void {
    this.ways
      .navigate(path, { queryParams })
      .catch((error: unknown) => console.error('The page could not be opened', error));
  }
}

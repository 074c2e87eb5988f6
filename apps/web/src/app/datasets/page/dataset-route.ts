import { Injectable, computed, inject } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { ActivatedRoute, Router } from '@angular/router';
import { Selection } from '../../workspace/selection';

/** On the pages of data sets the path says which one is open: `/datasets/:id`. */
@Injectable()
export class DatasetRoute extends Selection {
  private readonly pages = inject(Router);
  private readonly place = inject(ActivatedRoute);
  private readonly path = toSignal(this.place.paramMap, { initialValue: this.place.snapshot.paramMap });

  override readonly datasetId = computed(() => this.path().get('id'));

  override openDataset(id: string | null): void {
    this.pages
      .navigate(id === null ? ['/datasets'] : ['/datasets', id])
      .catch((error: unknown) => console.error('The page could not be opened', error));
  }

  override chooseDataset(id: string | null): void {
    this.openDataset(id);
  }
}

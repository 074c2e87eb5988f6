import { Injectable, effect, inject, signal, untracked } from '@angular/core';
import type { Dataset } from '@gan-dashboard/shared-types';
import { toApiProblem } from '../../api/api-problem';
import { Toasts } from '../../design/toast';
import { DatasetsStore } from '../datasets-store';
import { OrderBooksApi } from '../order-book/order-books-api';

/** Prices of LOBSTER are in dollars x 10,000 (https://lobsterdata.com, output structure). */
const priceUnit = 0.0001;

/** Tells the server what the prices of an uploaded book of LOBSTER are worth, once it has read it; a header cannot. */
@Injectable({ providedIn: 'root' })
export class LobsterUnits {
  private readonly store = inject(DatasetsStore);
  private readonly api = inject(OrderBooksApi);
  private readonly toasts = inject(Toasts);
  private readonly waiting = signal<readonly string[]>([]);

  constructor() {
    effect(() => {
      for (const id of this.waiting()) {
        const dataset = this.store.byId(id);
        if (dataset && dataset.status !== 'importing') untracked(() => this.read(dataset));
      }
    });
  }

  /** To be called when the upload is stored. */
  setWhenRead(id: string): void {
    this.waiting.update((ids) => [...ids, id]);
  }

  private read(dataset: Dataset): void {
    this.waiting.update((ids) => ids.filter((id) => id !== dataset.id));
    // Why an import has failed stands on its page.
    if (dataset.status !== 'ready') return;
    if (dataset.structure?.order_book) void this.setUnit(dataset);
    else
      this.toasts.show($localize`No order book was found in “${dataset.name}”: its rows are no valid books`, {
        tone: 'bad',
      });
  }

  private async setUnit(dataset: Dataset): Promise<void> {
    try {
      this.store.replace(await this.api.change(dataset.id, { price_unit: priceUnit }));
    } catch (error) {
      const text = $localize`The unit of the prices of “${dataset.name}” was not set: ${toApiProblem(error).detail}`;
      this.toasts.show(text, {
        tone: 'bad',
        action: { label: $localize`Try again`, run: () => this.setUnit(dataset) },
      });
    }
  }
}

import { HttpClient } from '@angular/common/http';
import { Injectable, inject } from '@angular/core';
import { bookPictureSchema, datasetSchema } from '@gan-dashboard/shared-types';
import type { BookPicture, Dataset, OrderBookPatch } from '@gan-dashboard/shared-types';
import { checked } from '../../api/request';

/** The order books of data sets and samples. Every call rejects with an ApiProblem. */
@Injectable({ providedIn: 'root' })
export class OrderBooksApi {
  private readonly http = inject(HttpClient);

  ofDataset(id: string): Promise<BookPicture> {
    return checked(this.http.get(`api/v1/datasets/${id}/order-book`), bookPictureSchema);
  }

  ofSample(id: string): Promise<BookPicture> {
    return checked(this.http.get(`api/v1/samples/${id}/order-book`), bookPictureSchema);
  }

  change(datasetId: string, patch: OrderBookPatch): Promise<Dataset> {
    return checked(this.http.patch(`api/v1/datasets/${datasetId}`, { order_book: patch }), datasetSchema);
  }
}

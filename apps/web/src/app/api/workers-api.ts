import { HttpClient } from '@angular/common/http';
import { Injectable, inject } from '@angular/core';
import { workerListSchema } from '@gan-dashboard/shared-types';
import type { Worker } from '@gan-dashboard/shared-types';
import { checked } from './request';

/** `api/v1/workers`. Rejects with an ApiProblem. */
@Injectable({ providedIn: 'root' })
export class WorkersApi {
  private readonly http = inject(HttpClient);

  async list(): Promise<Worker[]> {
    return (await checked(this.http.get('api/v1/workers'), workerListSchema)).items;
  }
}

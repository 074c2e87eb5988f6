import { HttpClient } from '@angular/common/http';
import { Injectable, inject } from '@angular/core';
import { modelListSchema } from '@gan-dashboard/shared-types';
import type { Model } from '@gan-dashboard/shared-types';
import { checked } from './request';

/** `api/v1/models`. Rejects with an ApiProblem. */
@Injectable({ providedIn: 'root' })
export class ModelsApi {
  private readonly http = inject(HttpClient);

  async list(): Promise<Model[]> {
    return (await checked(this.http.get('api/v1/models'), modelListSchema)).items;
  }
}

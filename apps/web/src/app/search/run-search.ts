import { HttpClient } from '@angular/common/http';
import { Injectable, inject } from '@angular/core';
import { runPageSchema } from '@gan-dashboard/shared-types';
import type { Run } from '@gan-dashboard/shared-types';
import { checked } from '../api/request';

/** Runs by their name, on the server: also those that no list holds. Rejects with an ApiProblem. */
@Injectable({ providedIn: 'root' })
export class RunSearch {
  private readonly http = inject(HttpClient);

  async byName(search: string): Promise<Run[]> {
    const params = { search, limit: 7 };
    return (await checked(this.http.get('api/v1/runs', { params }), runPageSchema)).items;
  }
}

import { HttpClient } from '@angular/common/http';
import { Injectable, inject } from '@angular/core';
import { preflightSchema } from '@gan-dashboard/shared-types';
import type { Preflight, PreflightRequest } from '@gan-dashboard/shared-types';
import { checked } from '../../api/request';

/** `api/v1/runs/preflight`. Rejects with an ApiProblem. */
@Injectable({ providedIn: 'root' })
export class PreflightApi {
  private readonly http = inject(HttpClient);

  look(request: PreflightRequest): Promise<Preflight> {
    return checked(this.http.post('api/v1/runs/preflight', request), preflightSchema);
  }
}

import { HttpClient } from '@angular/common/http';
import { Injectable, inject } from '@angular/core';
import { samplePageSchema, sampleSchema } from '@gan-dashboard/shared-types';
import type { Sample, SampleCreate } from '@gan-dashboard/shared-types';
import { checked, idempotencyKey } from './request';

/** Synthetic rows of a run. Every call rejects with an ApiProblem. */
@Injectable({ providedIn: 'root' })
export class SamplesApi {
  private readonly http = inject(HttpClient);

  async list(runId: string): Promise<Sample[]> {
    return (await checked(this.http.get(`api/v1/runs/${runId}/samples`), samplePageSchema)).items;
  }

  get(id: string): Promise<Sample> {
    return checked(this.http.get(`api/v1/samples/${id}`), sampleSchema);
  }

  create(runId: string, request: SampleCreate): Promise<Sample> {
    const headers = { 'Idempotency-Key': idempotencyKey() };
    return checked(this.http.post(`api/v1/runs/${runId}/samples`, request, { headers }), sampleSchema);
  }

  /** Where people download the file of a ready sample, relative to the base href; formulas in it are made harmless. */
  fileUrl(id: string): string {
    return `api/v1/samples/${id}/file?escape_formulas=true`;
  }
}

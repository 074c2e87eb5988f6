import { HttpClient } from '@angular/common/http';
import { Injectable, inject } from '@angular/core';
import { checkpointPageSchema, samplePageSchema } from '@gan-dashboard/shared-types';
import type { Checkpoint, Page, Sample } from '@gan-dashboard/shared-types';
import { checked } from '../api/request';

const pageSize = 25;

/** What all runs have brought forth. Every call rejects with an ApiProblem. */
@Injectable({ providedIn: 'root' })
export class OutcomeApi {
  private readonly http = inject(HttpClient);

  /** Newest first, without their rows. */
  samples(cursor?: string): Promise<Page<Sample>> {
    return checked(this.http.get('api/v1/samples', { params: paramsOf(cursor) }), samplePageSchema);
  }

  /** Those that have their files, newest first. */
  checkpoints(cursor?: string): Promise<Page<Checkpoint>> {
    return checked(this.http.get('api/v1/checkpoints', { params: paramsOf(cursor) }), checkpointPageSchema);
  }
}

function paramsOf(cursor: string | undefined): Record<string, string | number> {
  return { limit: pageSize, ...(cursor === undefined ? {} : { cursor }) };
}

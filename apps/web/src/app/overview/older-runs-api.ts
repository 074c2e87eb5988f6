import { HttpClient } from '@angular/common/http';
import { Injectable, inject } from '@angular/core';
import { runPageSchema } from '@gan-dashboard/shared-types';
import type { Run, RunStatus } from '@gan-dashboard/shared-types';
import { checked } from '../api/request';

const asked: readonly { status: RunStatus; limit: number }[] = [
  { status: 'running', limit: 50 },
  { status: 'paused', limit: 50 },
  { status: 'queued', limit: 50 },
  { status: 'failed', limit: 5 },
  { status: 'interrupted', limit: 5 },
];

/** Runs that stand behind the first page of the list and still belong on the overview. Rejects with an ApiProblem. */
@Injectable({ providedIn: 'root' })
export class OlderRunsApi {
  private readonly http = inject(HttpClient);

  async list(): Promise<Run[]> {
    const pages = await Promise.all(
      asked.map((params) => checked(this.http.get('api/v1/runs', { params }), runPageSchema)),
    );
    return pages.flatMap(({ items }) => items);
  }
}

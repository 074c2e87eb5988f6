import { HttpClient } from '@angular/common/http';
import { Injectable, inject } from '@angular/core';
import {
  checkpointPageSchema,
  eventPageSchema,
  logPageSchema,
  metricHistorySchema,
  runPageSchema,
  runSchema,
} from '@gan-dashboard/shared-types';
import type { Checkpoint, LogPage, MetricHistory, Page, Run, RunMessage } from '@gan-dashboard/shared-types';
import { checked, done } from './request';

/** What a person chose for a new run. */
export interface RunRequest {
  dataset_id: string;
  model: string;
  config: Record<string, unknown>;
  seed?: number;
  name?: string;
}

/** `api/v1/runs` and the history of a run. Every call rejects with an ApiProblem. */
@Injectable({ providedIn: 'root' })
export class RunsApi {
  private readonly http = inject(HttpClient);

  list(cursor?: string): Promise<Page<Run>> {
    const params = { limit: 50, ...(cursor ? { cursor } : {}) };
    return checked(this.http.get('api/v1/runs', { params }), runPageSchema);
  }

  get(id: string): Promise<Run> {
    return checked(this.http.get(`api/v1/runs/${id}`), runSchema);
  }

  /** `key` is the same for each attempt at one start, so that a repeated click starts one run. */
  start(request: RunRequest, key: string): Promise<Run> {
    return checked(this.http.post('api/v1/runs', request, { headers: { 'Idempotency-Key': key } }), runSchema);
  }

  stop(id: string): Promise<void> {
    return done(this.http.post(`api/v1/runs/${id}/stop`, null));
  }

  metrics(id: string): Promise<MetricHistory> {
    return checked(this.http.get(`api/v1/runs/${id}/metrics`), metricHistorySchema);
  }

  logs(id: string, fromLine: number, limit = 500): Promise<LogPage> {
    const params = { from_line: fromLine, limit };
    return checked(this.http.get(`api/v1/runs/${id}/logs`, { params }), logPageSchema);
  }

  /** The events of a run after place `after`, oldest first. */
  async events(id: string, after: number, limit = 500): Promise<RunMessage[]> {
    const params = { after, limit };
    return (await checked(this.http.get(`api/v1/runs/${id}/events`, { params }), eventPageSchema)).items;
  }

  async checkpoints(id: string): Promise<Checkpoint[]> {
    return (await checked(this.http.get(`api/v1/runs/${id}/checkpoints`), checkpointPageSchema)).items;
  }
}

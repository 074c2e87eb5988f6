import { HttpClient } from '@angular/common/http';
import { Injectable, inject } from '@angular/core';
import {
  auditPageSchema,
  checkpointPageSchema,
  checkpointSchema,
  eventPageSchema,
  logPageSchema,
  metricHistorySchema,
  qualityHistorySchema,
  runPageSchema,
  runSchema,
} from '@gan-dashboard/shared-types';
import type {
  AuditEntry,
  Checkpoint,
  LogPage,
  MetricHistory,
  Page,
  QualityUpdate,
  Run,
  RunControlName,
  RunMessage,
} from '@gan-dashboard/shared-types';
import { checked, done } from './request';

/** What a person chose for a new run. */
export interface RunRequest {
  dataset_id: string;
  model: string;
  config: Record<string, unknown>;
  seed?: number;
  name?: string;
  tags?: string[];
}

/** What a person chose for a fork. */
export interface ForkRequest {
  checkpoint_id: string;
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
    return this.act(id, 'stop');
  }

  act(id: string, action: RunControlName): Promise<void> {
    return done(this.http.post(`api/v1/runs/${id}/${action}`, null));
  }

  /** A new run from a checkpoint of another; `config` holds what is to differ. */
  fork(id: string, request: ForkRequest, key: string): Promise<Run> {
    const headers = { 'Idempotency-Key': key };
    return checked(this.http.post(`api/v1/runs/${id}/fork`, request, { headers }), runSchema);
  }

  /** A new run from the start with the same settings and seed. */
  retry(id: string, key: string): Promise<Run> {
    const headers = { 'Idempotency-Key': key };
    return checked(this.http.post(`api/v1/runs/${id}/retry`, null, { headers }), runSchema);
  }

  pin(checkpointId: string, isPinned: boolean): Promise<Checkpoint> {
    return checked(this.http.patch(`api/v1/checkpoints/${checkpointId}`, { is_pinned: isPinned }), checkpointSchema);
  }

  /** What was done to a run, newest first. */
  async audit(id: string): Promise<AuditEntry[]> {
    const params = { run_id: id, limit: 100 };
    return (await checked(this.http.get('api/v1/audit', { params }), auditPageSchema)).items;
  }

  metrics(id: string): Promise<MetricHistory> {
    return checked(this.http.get(`api/v1/runs/${id}/metrics`), metricHistorySchema);
  }

  /** What was measured of the rows of a run, in the order of steps. */
  async quality(id: string): Promise<QualityUpdate[]> {
    return (await checked(this.http.get(`api/v1/runs/${id}/quality`), qualityHistorySchema)).items;
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

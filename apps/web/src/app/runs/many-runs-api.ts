import { HttpClient } from '@angular/common/http';
import { Injectable, inject } from '@angular/core';
import {
  manyMetricsSchema,
  runBulkResultSchema,
  runFieldsSchema,
  runGroupsSchema,
  runPageSchema,
  runViewSchema,
  runViewsSchema,
} from '@gan-dashboard/shared-types';
import type {
  ManyMetrics,
  RunBulkAction,
  RunBulkResult,
  RunFields,
  RunGroup,
  RunPage,
  RunView,
} from '@gan-dashboard/shared-types';
import { checked, done } from '../api/request';

/** Which runs, in which order: the parameters of `GET /runs`. */
export interface RunListQuery {
  readonly query: string;
  readonly sort: string;
  readonly order: 'asc' | 'desc';
  readonly archived: boolean;
  readonly deleted: boolean;
}

/** `api/v1/runs` for many runs at once. Every call rejects with an ApiProblem. */
@Injectable({ providedIn: 'root' })
export class ManyRunsApi {
  private readonly http = inject(HttpClient);

  page(list: RunListQuery, offset: number, limit: number): Promise<RunPage> {
    const params = { ...list, offset, limit, count: true };
    return checked(this.http.get('api/v1/runs', { params }), runPageSchema);
  }

  fields(): Promise<RunFields> {
    return checked(this.http.get('api/v1/runs/fields'), runFieldsSchema);
  }

  async groups(by: string, metric: string, list: RunListQuery): Promise<RunGroup[]> {
    const params = { by, metric, query: list.query, archived: list.archived, deleted: list.deleted };
    return (await checked(this.http.get('api/v1/runs/groups', { params }), runGroupsSchema)).items;
  }

  /** Steps and last values of many runs, in the order of the ids; 200 runs at most. No names: all metrics. */
  async metrics(ids: readonly string[], names: readonly string[] = [], points = 200): Promise<ManyMetrics['items']> {
    if (ids.length === 0) return [];
    const params = { ids: ids.join(','), points, bands: false, ...(names.length > 0 && { names: names.join(',') }) };
    return (await checked(this.http.get('api/v1/runs/metrics', { params }), manyMetricsSchema)).items;
  }

  bulk(ids: readonly string[], action: RunBulkAction, tags: readonly string[] = []): Promise<RunBulkResult> {
    return checked(this.http.post('api/v1/runs/bulk', { ids, action, tags }), runBulkResultSchema);
  }

  async views(): Promise<RunView[]> {
    return (await checked(this.http.get('api/v1/runs/views'), runViewsSchema)).items;
  }

  saveView(name: string, state: string): Promise<RunView> {
    return checked(this.http.post('api/v1/runs/views', { name, state }), runViewSchema);
  }

  removeView(id: string): Promise<void> {
    return done(this.http.delete(`api/v1/runs/views/${id}`));
  }
}

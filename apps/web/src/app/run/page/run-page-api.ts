import { HttpClient } from '@angular/common/http';
import { Injectable, inject } from '@angular/core';
import {
  eventPageSchema,
  metricHistorySchema,
  runMarksSchema,
  runPageSchema,
  runSchema,
} from '@gan-dashboard/shared-types';
import type { MetricHistory, Run, RunMark, RunMessage } from '@gan-dashboard/shared-types';
import { checked } from '../../api/request';

export interface StepRange {
  from: number;
  to: number;
}

/** What only the page of one run asks for. Every call rejects with an ApiProblem. */
@Injectable({ providedIn: 'root' })
export class RunPageApi {
  private readonly http = inject(HttpClient);

  rename(id: string, name: string): Promise<Run> {
    return checked(this.http.patch(`api/v1/runs/${id}`, { name }), runSchema);
  }

  run(id: string): Promise<Run> {
    return checked(this.http.get(`api/v1/runs/${id}`), runSchema);
  }

  /** Runs of the same data set, newest first. */
  async runsOf(datasetId: string): Promise<Run[]> {
    const params = { dataset_id: datasetId, limit: 200 };
    return (await checked(this.http.get('api/v1/runs', { params }), runPageSchema)).items;
  }

  /** Series in a range of steps, each in at most `points` buckets with their extremes. */
  metrics(id: string, names: readonly string[], { from, to }: StepRange, points: number): Promise<MetricHistory> {
    const params = { names: names.join(','), from_step: from, to_step: to, points };
    return checked(this.http.get(`api/v1/runs/${id}/metrics`, { params }), metricHistorySchema);
  }

  /** The newest alerts, pauses and samples of a run, in the order of the log. */
  async marks(id: string): Promise<RunMark[]> {
    return (await checked(this.http.get(`api/v1/runs/${id}/marks`), runMarksSchema)).items;
  }

  async events(id: string, after: number, limit: number): Promise<RunMessage[]> {
    const params = { after, limit };
    return (await checked(this.http.get(`api/v1/runs/${id}/events`, { params }), eventPageSchema)).items;
  }
}

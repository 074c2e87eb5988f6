import { HttpClient } from '@angular/common/http';
import { Injectable, inject } from '@angular/core';
import { reportDetailSchema, reportPageSchema, reportSchema } from '@gan-dashboard/shared-types';
import type { Page, Report, ReportDetail } from '@gan-dashboard/shared-types';
import { checked, done, idempotencyKey } from '../api/request';

/** What a person chose for a report. */
export type ReportRequest =
  | { run_id: string; checkpoint_id?: string; rows?: number; seed?: number; target?: string }
  | { real_dataset_id: string; synthetic_dataset_id: string; seed?: number; target?: string };

/** `api/v1/reports`. Every call rejects with an ApiProblem. */
@Injectable({ providedIn: 'root' })
export class ReportsApi {
  private readonly http = inject(HttpClient);

  list({ runId, cursor }: { runId?: string; cursor?: string } = {}): Promise<Page<Report>> {
    const params = { limit: 50, ...(runId ? { run_id: runId } : {}), ...(cursor ? { cursor } : {}) };
    return checked(this.http.get('api/v1/reports', { params }), reportPageSchema);
  }

  get(id: string): Promise<ReportDetail> {
    return checked(this.http.get(`api/v1/reports/${id}`), reportDetailSchema);
  }

  create(request: ReportRequest): Promise<Report> {
    const headers = { 'Idempotency-Key': idempotencyKey() };
    return checked(this.http.post('api/v1/reports', request, { headers }), reportSchema);
  }

  delete(id: string): Promise<void> {
    return done(this.http.delete(`api/v1/reports/${id}`));
  }

  /** Where the HTML file of a ready report is downloaded from, relative to the base href. */
  fileUrl(id: string): string {
    return `api/v1/reports/${id}/file.html`;
  }
}

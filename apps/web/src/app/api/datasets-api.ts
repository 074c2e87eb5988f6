import { HttpClient, HttpEventType } from '@angular/common/http';
import { Injectable, inject } from '@angular/core';
import {
  datasetPageSchema,
  datasetPreviewSchema,
  datasetProfileSchema,
  datasetSchema,
} from '@gan-dashboard/shared-types';
import type {
  ColumnRole,
  Dataset,
  DatasetGenerate,
  DatasetPreview,
  DatasetProfile,
  Page,
  SequenceRole,
} from '@gan-dashboard/shared-types';
import { EMPTY, catchError, concatMap, of, throwError } from 'rxjs';
import type { Observable } from 'rxjs';
import { toApiProblem } from './api-problem';
import { checked, done, fitting, idempotencyKey } from './request';

/** `fraction` is absent while the browser does not know the total. */
export type UploadEvent = { kind: 'progress'; fraction: number | undefined } | { kind: 'done'; dataset: Dataset };

/** `api/v1/datasets`. Every call rejects with an ApiProblem. */
@Injectable({ providedIn: 'root' })
export class DatasetsApi {
  private readonly http = inject(HttpClient);

  list(cursor?: string): Promise<Page<Dataset>> {
    const params = { limit: 50, ...(cursor ? { cursor } : {}) };
    return checked(this.http.get('api/v1/datasets', { params }), datasetPageSchema);
  }

  get(id: string): Promise<Dataset> {
    return checked(this.http.get(`api/v1/datasets/${id}`), datasetSchema);
  }

  preview(id: string, rows: number): Promise<DatasetPreview> {
    return checked(this.http.get(`api/v1/datasets/${id}/preview`, { params: { rows } }), datasetPreviewSchema);
  }

  profile(id: string): Promise<DatasetProfile> {
    return checked(this.http.get(`api/v1/datasets/${id}/profile`), datasetProfileSchema);
  }

  generate(request: DatasetGenerate): Promise<Dataset> {
    const headers = { 'Idempotency-Key': idempotencyKey() };
    return checked(this.http.post('api/v1/datasets/generate', request, { headers }), datasetSchema);
  }

  setRole(id: string, column: string, role: ColumnRole): Promise<Dataset> {
    return checked(this.http.patch(`api/v1/datasets/${id}`, { columns: [{ name: column, role }] }), datasetSchema);
  }

  /** @param role null: models of sequences work it out again */
  setSequenceRole(id: string, column: string, role: SequenceRole | null): Promise<Dataset> {
    const columns = [{ name: column, sequence_role: role }];
    return checked(this.http.patch(`api/v1/datasets/${id}`, { columns }), datasetSchema);
  }

  delete(id: string): Promise<void> {
    return done(this.http.delete(`api/v1/datasets/${id}`));
  }

  /** Unsubscribing cancels the upload. Errors with an ApiProblem. */
  upload(file: File): Observable<UploadEvent> {
    const body = new FormData();
    body.append('file', file, file.name);
    const headers = { 'Idempotency-Key': idempotencyKey() };
    return this.http
      .post('api/v1/datasets', body, { headers, reportProgress: true, observe: 'events', responseType: 'json' })
      .pipe(
        concatMap((event): Observable<UploadEvent> => {
          if (event.type === HttpEventType.UploadProgress) {
            return of({ kind: 'progress', fraction: event.total ? event.loaded / event.total : undefined });
          }
          if (event.type !== HttpEventType.Response) return EMPTY;
          return of({ kind: 'done', dataset: fitting(event.body, datasetSchema) });
        }),
        catchError((error: unknown) => throwError(() => toApiProblem(error))),
      );
  }
}

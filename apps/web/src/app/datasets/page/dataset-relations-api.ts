import { HttpClient } from '@angular/common/http';
import { Injectable, inject } from '@angular/core';
import { datasetPageSchema, runPageSchema } from '@gan-dashboard/shared-types';
import type { Dataset, Page, Run } from '@gan-dashboard/shared-types';
import { checked } from '../../api/request';

/** What a data set is related to. Every call rejects with an ApiProblem. */
@Injectable({ providedIn: 'root' })
export class DatasetRelationsApi {
  private readonly http = inject(HttpClient);

  /** The runs that were trained on it, newest first. */
  runsOn(datasetId: string): Promise<Page<Run>> {
    const params = { dataset_id: datasetId, limit: 50 };
    return checked(this.http.get('api/v1/runs', { params }), runPageSchema);
  }

  /** The data sets of one file name, newest first. */
  versionsOf(fileName: string): Promise<Page<Dataset>> {
    const params = { file_name: fileName, limit: 100 };
    return checked(this.http.get('api/v1/datasets', { params }), datasetPageSchema);
  }
}

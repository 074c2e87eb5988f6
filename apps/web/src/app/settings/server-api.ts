import { HttpClient } from '@angular/common/http';
import { Injectable, inject } from '@angular/core';
import { serverInfoSchema } from '@gan-dashboard/shared-types';
import type { ServerInfo } from '@gan-dashboard/shared-types';
import { checked } from '../api/request';

/** `api/v1/server`. Rejects with an ApiProblem. */
@Injectable({ providedIn: 'root' })
export class ServerApi {
  private readonly http = inject(HttpClient);

  info(): Promise<ServerInfo> {
    return checked(this.http.get('api/v1/server'), serverInfoSchema);
  }
}

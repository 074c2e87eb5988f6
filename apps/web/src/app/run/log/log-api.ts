import { HttpClient } from '@angular/common/http';
import { Injectable, inject } from '@angular/core';
import { logMatchesSchema, logPageSchema } from '@gan-dashboard/shared-types';
import type { LogEntry, LogMatches, LogPage } from '@gan-dashboard/shared-types';
import { checked } from '../../api/request';

/** Which lines are shown; an empty part asks for all. */
export interface LogFilter {
  readonly search: string;
  readonly level: LogEntry['level'] | '';
  readonly stream: 'stdout' | 'stderr' | '';
}

/** `api/v1/runs/{id}/logs`. Every call rejects with an ApiProblem. */
@Injectable({ providedIn: 'root' })
export class LogApi {
  private readonly http = inject(HttpClient);

  page(id: string, from: number, limit: number, filter: Partial<LogFilter> = {}): Promise<LogPage> {
    const params = { from_line: from, limit, ...said(filter) };
    return checked(this.http.get(`api/v1/runs/${id}/logs`, { params }), logPageSchema);
  }

  matches(id: string, filter: LogFilter): Promise<LogMatches> {
    const params = { limit: 50_000, ...said(filter) };
    return checked(this.http.get(`api/v1/runs/${id}/logs/matches`, { params }), logMatchesSchema);
  }
}

function said(filter: Partial<LogFilter>): Record<string, string> {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== ''));
}

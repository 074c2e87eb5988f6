import { HttpClient } from '@angular/common/http';
import { Injectable, inject } from '@angular/core';
import { projectDetailSchema, projectListSchema } from '@gan-dashboard/shared-types';
import type {
  Project,
  ProjectCreate,
  ProjectDetail,
  ProjectMemberPut,
  ProjectPatch,
} from '@gan-dashboard/shared-types';
import { checked, done } from '../api/request';

const base = 'api/v1/projects';

/** `api/v1/projects`: those that whoever is signed in takes part in. Every call rejects with an ApiProblem. */
@Injectable({ providedIn: 'root' })
export class ProjectsApi {
  private readonly http = inject(HttpClient);

  /** The default one first. */
  async list(): Promise<Project[]> {
    return (await checked(this.http.get(base), projectListSchema)).items;
  }

  get(id: string): Promise<ProjectDetail> {
    return checked(this.http.get(`${base}/${id}`), projectDetailSchema);
  }

  create(request: ProjectCreate): Promise<ProjectDetail> {
    return checked(this.http.post(base, request), projectDetailSchema);
  }

  change(id: string, patch: ProjectPatch): Promise<ProjectDetail> {
    return checked(this.http.patch(`${base}/${id}`, patch), projectDetailSchema);
  }

  remove(id: string): Promise<void> {
    return done(this.http.delete(`${base}/${id}`));
  }

  putMember(id: string, member: ProjectMemberPut): Promise<ProjectDetail> {
    return checked(this.http.put(`${base}/${id}/members`, member), projectDetailSchema);
  }

  removeMember(id: string, userId: string): Promise<void> {
    return done(this.http.delete(`${base}/${id}/members/${userId}`));
  }
}

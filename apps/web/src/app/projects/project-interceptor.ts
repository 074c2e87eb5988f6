import type { HttpInterceptorFn } from '@angular/common/http';
import { Injector, inject } from '@angular/core';
import { ChosenProject } from './chosen-project';
import { ProjectsStore } from './projects-store';

/** Lists that take `project`: whatever shows them keeps to the chosen project. */
const lists: ReadonlySet<string> = new Set([
  ...['api/v1/datasets', 'api/v1/runs', 'api/v1/runs/groups', 'api/v1/runs/export'],
  ...['api/v1/samples', 'api/v1/checkpoints', 'api/v1/reports'],
]);

/** Binds lists to the chosen project, and puts new data sets there; their runs follow them by themselves. */
export const projectInterceptor: HttpInterceptorFn = (request, next) => {
  const isList = request.method === 'GET' && lists.has(request.url);
  const isUpload = request.method === 'POST' && request.url === 'api/v1/datasets';
  const isGenerate = request.method === 'POST' && request.url === 'api/v1/datasets/generate';
  if (!isList && !isUpload && !isGenerate) return next(request);
  // Not injected now: the store sends requests itself.
  const injector = inject(Injector);
  if (isList) {
    const project = injector.get(ChosenProject).id();
    return next(project === null ? request : request.clone({ setParams: { project } }));
  }
  const target = injector.get(ProjectsStore).target();
  if (target === null) return next(request);
  if (isUpload) return next(request.clone({ setParams: { project_id: target.id } }));
  return next(request.clone({ body: { ...(request.body as Record<string, unknown>), project_id: target.id } }));
};

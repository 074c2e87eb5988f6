import type { Request } from 'express';
import { idSchema } from '@gan-dashboard/shared-types';
import type { NamedResource, ResourceKind } from './resource-projects';

/** Whatever stands below one of these paths is about the resource whose id is in the path. */
const pathKinds: readonly (readonly [string, ResourceKind])[] = [
  ['/api/v1/projects/:id', 'project'],
  ['/api/v1/datasets/:id', 'dataset'],
  ['/api/v1/runs/:id', 'run'],
  ['/api/v1/checkpoints/:id', 'checkpoint'],
  ['/api/v1/samples/:id', 'sample'],
  ['/api/v1/reports/:id', 'report'],
];
const queryFields: Readonly<Record<string, ResourceKind>> = {
  run: 'run',
  run_id: 'run',
  project: 'project',
  project_id: 'project',
};
/** Ids of checkpoints need no look: they are only taken together with the run that they must belong to. */
const bodyFields: Readonly<Record<string, ResourceKind>> = {
  run_id: 'run',
  dataset_id: 'dataset',
  real_dataset_id: 'dataset',
  synthetic_dataset_id: 'dataset',
  project_id: 'project',
};

/** What a request names, by where it names it. */
export interface NamedResources {
  inPath: NamedResource | undefined;
  /** By the name of the field, of the query and of the body. */
  inFields: ReadonlyMap<string, NamedResource>;
}

/** The kind of thing that the id of a route names. @param path as the route was declared */
export function kindOfPath(path: string): ResourceKind | undefined {
  return pathKinds.find(([prefix]) => path === prefix || path.startsWith(`${prefix}/`))?.[1];
}

/** What is no id is left out: the check of the request names the field, and refuses it. */
export function namedResources(request: Pick<Request, 'route' | 'params' | 'query' | 'body'>): NamedResources {
  const { path } = request.route as { path: string };
  const kind = kindOfPath(path);
  const inPath = kind && resource(kind, request.params['id']);
  const inFields = new Map<string, NamedResource>();
  const look = (fields: Readonly<Record<string, ResourceKind>>, values: unknown) => {
    if (typeof values !== 'object' || values === null || Array.isArray(values)) return;
    for (const [field, fieldKind] of Object.entries(fields)) {
      const named = resource(fieldKind, (values as Record<string, unknown>)[field]);
      if (named) inFields.set(field, named);
    }
  };
  look(queryFields, request.query);
  // The body of a request about one thing may carry anything, events of a run for one; only a move names another.
  look(kind ? { project_id: 'project' } : bodyFields, request.body);
  return { inPath, inFields };
}

function resource(kind: ResourceKind, value: unknown): NamedResource | undefined {
  const id = idSchema.safeParse(value);
  return id.success ? { kind, id: id.data } : undefined;
}

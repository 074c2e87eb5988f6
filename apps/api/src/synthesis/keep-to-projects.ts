import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { projectsInReach } from '../platform/http/local-user';

/** A page of what all runs have brought forth. */
export interface RunOutcomePage {
  after?: { createdAt: Date; id: string };
  limit: number;
  /** Only of the runs of this project. */
  project?: string | undefined;
}

/** Leaves out what comes from runs of other projects. @param alias of a table that names a run */
export function keepToProjects<Entity extends ObjectLiteral>(
  query: SelectQueryBuilder<Entity>,
  alias: string,
  project: string | undefined,
): void {
  const ofRun = (condition: string) => `${alias}.run_id IN (SELECT run.id FROM run WHERE ${condition})`;
  if (project !== undefined) query.andWhere(ofRun('run.project_id = :project'), { project });
  const projects = projectsInReach();
  if (projects) query.andWhere(ofRun('run.project_id = ANY (:projects)'), { projects });
}

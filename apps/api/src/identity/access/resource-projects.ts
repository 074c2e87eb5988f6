import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** What a request can name by an id, with the word for it in a message. */
export const resourceWords = {
  project: 'project',
  dataset: 'data set',
  run: 'run',
  checkpoint: 'checkpoint',
  sample: 'sample',
  report: 'report',
} as const;
export type ResourceKind = keyof typeof resourceWords;

export interface NamedResource {
  readonly kind: ResourceKind;
  readonly id: string;
}

/** Each says, for ids in `$`, the projects that one has to take part in to see them; a report may name two. */
const statements: Readonly<Record<ResourceKind, (ids: string) => string>> = {
  project: (ids) => `SELECT id, id AS project_id FROM project WHERE id = ANY (${ids}::uuid[])`,
  dataset: (ids) => `SELECT id, project_id FROM dataset WHERE id = ANY (${ids}::uuid[])`,
  run: (ids) => `SELECT id, project_id FROM run WHERE id = ANY (${ids}::uuid[])`,
  checkpoint: (ids) =>
    `SELECT c.id, r.project_id FROM checkpoint c JOIN run r ON r.id = c.run_id WHERE c.id = ANY (${ids}::uuid[])`,
  sample: (ids) =>
    `SELECT s.id, r.project_id FROM sample s JOIN run r ON r.id = s.run_id WHERE s.id = ANY (${ids}::uuid[])`,
  report: (ids) =>
    `SELECT p.id, coalesce(r.project_id, d.project_id) AS project_id FROM report p
     LEFT JOIN run r ON r.id = p.run_id
     LEFT JOIN dataset d ON p.run_id IS NULL AND d.id IN (p.real_dataset_id, p.synthetic_dataset_id)
     WHERE p.id = ANY (${ids}::uuid[])`,
};

/**
 * In which projects things are: the one place that reads it, for all kinds of things in one query. So it reads the
 * tables of several modules.
 */
@Injectable()
export class ResourceProjects {
  constructor(private readonly dataSource: DataSource) {}

  /** Projects by `resourceKey`; what does not exist is absent. */
  async of(resources: readonly NamedResource[]): Promise<Map<string, string[]>> {
    const idsByKind = Map.groupBy(resources, ({ kind }) => kind);
    const values: string[][] = [];
    const parts = [...idsByKind].map(([kind, named]) => {
      values.push(named.map(({ id }) => id));
      return `SELECT '${kind}' AS kind, found.* FROM (${statements[kind](`$${values.length}`)}) AS found`;
    });
    if (parts.length === 0) return new Map();
    const rows = await this.dataSource.query<{ kind: ResourceKind; id: string; project_id: string }[]>(
      parts.join(' UNION ALL '),
      values,
    );
    const found = Map.groupBy(rows, ({ kind, id }) => resourceKey({ kind, id }));
    return new Map([...found].map(([key, places]) => [key, places.map(({ project_id: id }) => id)]));
  }
}

export function resourceKey({ kind, id }: NamedResource): string {
  return `${kind} ${id.toLowerCase()}`;
}

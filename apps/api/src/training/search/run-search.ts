import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, Repository } from 'typeorm';
import type { RunFields, RunGroup, RunGroupQuery, RunQuery } from '@gan-dashboard/shared-types';
import { inReach, projectsInReach } from '../../platform/http/local-user';
import { RunEntity } from '../run.entity';
import { queryCondition } from './run-condition';
import { configValue, numberOf, orderBy } from './run-fields';
import { SqlParameters } from './sql-parameters';

export interface RunsFound {
  runs: RunEntity[];
  nextCursor: string | null;
  total?: number;
}

const groupLimit = 500;
const runsOfGroup = 100;

/** How many rows were seen before a page; the sort key of a run may change between pages, an offset does not. */
function offsetOf({ cursor, offset = 0 }: RunQuery): number {
  const place = Number(cursor ?? offset);
  return Number.isSafeInteger(place) && place >= 0 ? place : 0;
}

/** Finds, sorts and groups runs. */
@Injectable()
export class RunSearch {
  constructor(@InjectRepository(RunEntity) private readonly runs: Repository<RunEntity>) {}

  /** @throws ProblemException 400 for a query text that cannot be read. */
  async page(query: RunQuery): Promise<RunsFound> {
    const offset = offsetOf(query);
    const ids = await this.ids(query, query.limit + 1, offset);
    const hasMore = ids.length > query.limit;
    return {
      runs: await this.inOrder(ids.slice(0, query.limit)),
      nextCursor: hasMore ? String(offset + query.limit) : null,
      ...(query.count ? { total: await this.count(query) } : {}),
    };
  }

  /** Ids in the order of the list. */
  async ids(query: RunQuery, limit: number, offset = 0): Promise<string[]> {
    const parameters = new SqlParameters();
    const where = filterOf(query, parameters);
    const order = orderBy(query.sort, query.order, parameters);
    const rows = await this.runs.query<{ id: string }[]>(
      `SELECT run.id FROM run WHERE ${where} ORDER BY ${order}
       LIMIT ${parameters.add(limit)} OFFSET ${parameters.add(offset)}`,
      parameters.values,
    );
    return rows.map(({ id }) => id);
  }

  /** Unknown runs and those that whoever asks may not see are left out. */
  async inOrder(ids: readonly string[]): Promise<RunEntity[]> {
    const projects = projectsInReach();
    const where = { id: In([...ids]), ...(projects ? { projectId: In([...projects]) } : {}) };
    const found = new Map((await this.runs.findBy(where)).map((run) => [run.id, run]));
    return ids.flatMap((id) => found.get(id) ?? []);
  }

  /** Groups of runs with the mean of the last values of a metric and their deviation, numbers first. */
  async groups(query: RunGroupQuery): Promise<RunGroup[]> {
    const parameters = new SqlParameters();
    const where = filterOf(query, parameters);
    const key = query.by.startsWith('config.')
      ? `${configValue(query.by.slice(7), parameters)} #>> '{}'`
      : `run.${query.by}::text`;
    const value = numberOf(`(run.summary -> ${parameters.add(query.metric)}::text)`);
    const rows = await this.runs.query<RunGroup[]>(
      `SELECT key AS value, count(*)::int AS count, count(x)::int AS measured, avg(x) AS mean,
         stddev_samp(x) AS sd, min(x) AS min, max(x) AS max,
         (array_agg(id ORDER BY created_at DESC, id))[1:${runsOfGroup}] AS run_ids
       FROM (
         SELECT key, id, created_at, CASE WHEN raw NOT IN ('NaN', 'Infinity', '-Infinity') THEN raw END AS x
         FROM (SELECT ${key} AS key, ${value} AS raw, run.id, run.created_at FROM run WHERE ${where}) AS found
       ) AS measured
       GROUP BY key ORDER BY count(*) DESC, key LIMIT ${groupLimit}`,
      parameters.values,
    );
    return rows.sort(byValue);
  }

  /** What the runs that are not deleted can be filtered, sorted and grouped by. */
  async fields(): Promise<RunFields> {
    const names = async (column: string) => {
      const parameters = new SqlParameters();
      const where = inReach('project_id', (value) => parameters.add(value));
      const rows = await this.runs.query<{ name: string }[]>(
        `SELECT DISTINCT ${column} AS name FROM run WHERE deleted_at IS NULL AND ${where} ORDER BY name LIMIT 1000`,
        parameters.values,
      );
      return rows.map(({ name }) => name);
    };
    return {
      config: await names('jsonb_object_keys(config)'),
      metrics: await names('jsonb_object_keys(summary)'),
      tags: await names('jsonb_array_elements_text(tags)'),
      models: await names('model'),
    };
  }

  private async count(query: RunQuery): Promise<number> {
    const parameters = new SqlParameters();
    const where = filterOf(query, parameters);
    const [row] = await this.runs.query<{ count: number }[]>(
      `SELECT count(*)::int AS count FROM run WHERE ${where}`,
      parameters.values,
    );
    return row?.count ?? 0;
  }
}

type Filter = Pick<RunQuery, 'archived' | 'deleted' | 'query'> &
  Partial<Pick<RunQuery, 'status' | 'dataset_id' | 'model' | 'origin' | 'tag' | 'search' | 'project'>>;

function filterOf(query: Filter, parameters: SqlParameters): string {
  const equal = (column: string, value: string | undefined) =>
    value === undefined ? [] : [`run.${column} = ${parameters.add(value)}`];
  return [
    query.deleted
      ? 'run.deleted_at IS NOT NULL'
      : `run.deleted_at IS NULL AND run.archived = ${parameters.add(query.archived)}`,
    ...equal('status', query.status),
    inReach('run.project_id', (value) => parameters.add(value)),
    ...equal('project_id', query.project),
    ...equal('dataset_id', query.dataset_id),
    ...equal('model', query.model),
    ...equal('origin', query.origin),
    ...(query.tag ? [`run.tags @> jsonb_build_array(${parameters.add(query.tag)}::text)`] : []),
    ...(query.search ? [`strpos(lower(run.name), lower(${parameters.add(query.search)}::text)) > 0`] : []),
    ...(query.query ? [queryCondition(query.query, parameters)] : []),
  ].join(' AND ');
}

const collator = new Intl.Collator('en', { numeric: true });

function byValue(a: RunGroup, b: RunGroup): number {
  if (a.value === null || b.value === null) return Number(a.value === null) - Number(b.value === null);
  const difference = Number(a.value) - Number(b.value);
  return Number.isNaN(difference) ? collator.compare(a.value, b.value) : difference;
}

import type { SqlParameters } from './sql-parameters';

/** How a field is compared and sorted: by number, time, text, as the list of tags, or as whatever JSON holds there. */
export type RunField =
  | { readonly kind: 'number' | 'time' | 'text' | 'name'; readonly sql: string }
  | { readonly kind: 'tags' }
  | { readonly kind: 'metric'; readonly sql: string }
  | { readonly kind: 'json'; readonly sql: string };

const duration = `extract(epoch FROM coalesce(run.ended_at, now()) - run.started_at)`;

/** Fields of a run itself, by each name that people call them. */
const ownFields: Readonly<Record<string, RunField>> = {
  id: { kind: 'text', sql: 'run.id::text' },
  name: { kind: 'name', sql: 'run.name' },
  notes: { kind: 'name', sql: 'run.notes' },
  error: { kind: 'name', sql: `coalesce(run.error, '')` },
  model: { kind: 'text', sql: 'run.model' },
  status: { kind: 'text', sql: 'run.status' },
  origin: { kind: 'text', sql: 'run.origin' },
  created_by: { kind: 'text', sql: 'run.created_by' },
  user: { kind: 'text', sql: 'run.created_by' },
  dataset_id: { kind: 'text', sql: 'run.dataset_id::text' },
  dataset: { kind: 'text', sql: 'run.dataset_id::text' },
  parent_run_id: { kind: 'text', sql: 'run.parent_run_id::text' },
  seed: { kind: 'number', sql: 'run.seed' },
  epoch: { kind: 'number', sql: 'run.epoch' },
  total_epochs: { kind: 'number', sql: 'run.total_epochs' },
  progress_percent: { kind: 'number', sql: 'run.progress_percent' },
  progress: { kind: 'number', sql: 'run.progress_percent' },
  priority: { kind: 'number', sql: 'run.priority' },
  duration: { kind: 'number', sql: duration },
  created_at: { kind: 'time', sql: 'run.created_at' },
  created: { kind: 'time', sql: 'run.created_at' },
  started_at: { kind: 'time', sql: 'run.started_at' },
  started: { kind: 'time', sql: 'run.started_at' },
  ended_at: { kind: 'time', sql: 'run.ended_at' },
  ended: { kind: 'time', sql: 'run.ended_at' },
  tag: { kind: 'tags' },
  tags: { kind: 'tags' },
};

/**
 * A field by its name: one of the run's own, `config.<path>`, `summary.<metric>`; any other name is a metric.
 */
export function runField(name: string, parameters: SqlParameters): RunField {
  if (Object.hasOwn(ownFields, name)) return ownFields[name] as RunField;
  if (name.startsWith('config.')) return { kind: 'json', sql: configValue(name.slice(7), parameters) };
  const metric = name.startsWith('summary.') ? name.slice(8) : name;
  return { kind: 'metric', sql: numberOf(`(run.summary -> ${parameters.add(metric)}::text)`) };
}

/** A path with dots; a key that has dots itself is found as well, as trainers from outside write it. */
export function configValue(path: string, parameters: SqlParameters): string {
  const whole = parameters.add(path);
  const parts = parameters.add(path.split('.'));
  return `coalesce(run.config -> ${whole}::text, run.config #> ${parts}::text[])`;
}

/** The double that JSON holds; NaN and the infinities are texts there. NULL for everything else. */
export function numberOf(json: string): string {
  return `CASE jsonb_typeof(${json})
    WHEN 'number' THEN (${json})::double precision
    WHEN 'string' THEN CASE WHEN ${json} #>> '{}' IN ('NaN', 'Infinity', '-Infinity')
      THEN (${json} #>> '{}')::double precision END
  END`;
}

/** ORDER BY of a list; runs without the value come last in both directions, and the id settles ties. */
export function orderBy(sort: string, order: 'asc' | 'desc', parameters: SqlParameters): string {
  const direction = order === 'asc' ? 'ASC' : 'DESC';
  const last = `${direction} NULLS LAST`;
  const keys = sortKeys(sort, parameters).map((key) => `${key} ${last}`);
  return [...keys, `run.id ${direction}`].join(', ');
}

function sortKeys(sort: string, parameters: SqlParameters): string[] {
  // A run that is still at work ends after all that have ended.
  if (sort === 'ended_at') return [`coalesce(run.ended_at, 'infinity')`];
  const field = runField(sort, parameters);
  if (field.kind === 'tags') return ['run.tags'];
  // NaN would stand above every number.
  if (field.kind === 'metric') return [`nullif(${field.sql}, 'NaN')`];
  if (field.kind === 'json') return [numberOf(field.sql), `lower(${field.sql} #>> '{}')`];
  return [field.sql];
}

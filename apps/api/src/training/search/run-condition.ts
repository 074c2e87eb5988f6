import { RunQueryError, parseRunQuery, runStatuses } from '@gan-dashboard/shared-types';
import type { ComparisonOperator, RunExpression } from '@gan-dashboard/shared-types';
import { ProblemException } from '../../platform/http/problem';
import { numberOf, runField } from './run-fields';
import type { RunField } from './run-fields';
import type { SqlParameters } from './sql-parameters';

type Comparison = Extract<RunExpression, { kind: 'comparison' }>;

/**
 * The condition that a query text stands for. Every value is a parameter.
 *
 * @throws ProblemException 400 that names the position of what cannot be read.
 */
export function queryCondition(text: string, parameters: SqlParameters): string {
  try {
    const expression = parseRunQuery(text);
    return expression === null ? 'TRUE' : conditionOf(expression, parameters);
  } catch (error) {
    if (!(error instanceof RunQueryError)) throw error;
    throw new ProblemException(400, `query: ${error.message}`, [{ path: 'query', message: error.message }]);
  }
}

function conditionOf(expression: RunExpression, parameters: SqlParameters): string {
  switch (expression.kind) {
    case 'and':
    case 'or':
      return `(${expression.parts.map((part) => conditionOf(part, parameters)).join(` ${expression.kind} `)})`;
    case 'not':
      return `NOT ${conditionOf(expression.part, parameters)}`;
    case 'words': {
      const words = parameters.add(expression.words);
      const isIn = (column: string) => `strpos(lower(${column}), lower(${words}::text)) > 0`;
      return `(${isIn('run.name')} OR ${isIn('run.model')} OR ${isIn('run.notes')} OR ${isIn('run.tags::text')})`;
    }
    case 'comparison':
      return comparisonOf(expression, parameters);
  }
}

/** A run that lacks the field is never equal, greater or less: `not` and `!=` find it. */
function comparisonOf(comparison: Comparison, parameters: SqlParameters): string {
  if (comparison.operator === '!=') {
    return `NOT ${comparisonOf({ ...comparison, operator: '=' }, parameters)}`;
  }
  return `coalesce(${truthOf(comparison, runField(comparison.field, parameters), parameters)}, FALSE)`;
}

function truthOf(comparison: Comparison, field: RunField, parameters: SqlParameters): string {
  switch (field.kind) {
    case 'number':
      return `${field.sql} ${sqlOperator(comparison)} ${parameters.add(numberIn(comparison))}::double precision`;
    case 'metric':
      return metricCondition(comparison, field.sql, parameters);
    case 'time':
      return timeCondition(comparison, field.sql, parameters);
    case 'json':
      return jsonCondition(comparison, field.sql, parameters);
    case 'tags':
      needsEquality(comparison);
      return `run.tags @> jsonb_build_array(${parameters.add(comparison.value)}::text)`;
    case 'name':
    case 'text':
      return textCondition(comparison, field, parameters);
  }
}

/** NaN is equal to itself only; Postgres would call it greater than every number. */
function metricCondition(comparison: Comparison, sql: string, parameters: SqlParameters): string {
  const value = parameters.add(String(numberIn(comparison)));
  const operator = sqlOperator(comparison);
  return operator === '='
    ? `${sql} = ${value}::double precision`
    : `nullif(${sql}, 'NaN') ${operator} ${value}::double precision`;
}

function textCondition(comparison: Comparison, field: RunField & { sql: string }, parameters: SqlParameters): string {
  needsEquality(comparison);
  if (comparison.field === 'status') needsStatus(comparison);
  const value = parameters.add(comparison.value);
  const isPart = field.kind === 'name' && comparison.operator === ':';
  return isPart
    ? `strpos(lower(${field.sql}), lower(${value}::text)) > 0`
    : `lower(${field.sql}) = lower(${value}::text)`;
}

/** A number is compared as such where the field holds one, and as text where it does not. */
function jsonCondition(comparison: Comparison, sql: string, parameters: SqlParameters): string {
  const operator = sqlOperator(comparison);
  const number = asNumber(comparison.value);
  if (operator !== '=') {
    const value = parameters.add(String(numberIn(comparison)));
    return `nullif(${numberOf(sql)}, 'NaN') ${operator} ${value}::double precision`;
  }
  const isSameText = `lower(${sql} #>> '{}') = lower(${parameters.add(comparison.value)}::text)`;
  if (number === undefined) return isSameText;
  return `(${numberOf(sql)} = ${parameters.add(String(number))}::double precision OR ${isSameText})`;
}

const days = /^\d{4}-\d\d-\d\d$/;

/** A day stands for all of its hours (UTC). */
function timeCondition(comparison: Comparison, sql: string, parameters: SqlParameters): string {
  const { value, at } = comparison;
  const moment = new Date(value);
  if (!/^\d{4}-\d\d-\d\d/.test(value) || Number.isNaN(moment.getTime())) {
    throw new RunQueryError(
      at,
      `${comparison.field} takes a time such as 2026-11-23 or 2026-11-23T10:00Z, not “${value}”.`,
    );
  }
  const start = `${parameters.add(moment.toISOString())}::timestamptz`;
  const operator = sqlOperator(comparison);
  if (!days.test(value)) return `${sql} ${operator} ${start}`;
  const end = `${start} + interval '1 day'`;
  if (operator === '=') return `(${sql} >= ${start} AND ${sql} < ${end})`;
  if (operator === '>') return `${sql} >= ${end}`;
  return operator === '<=' ? `${sql} < ${end}` : `${sql} ${operator} ${start}`;
}

function sqlOperator({ operator }: Comparison): Exclude<ComparisonOperator, ':' | '!='> {
  return operator === ':' || operator === '!=' ? '=' : operator;
}

function asNumber(text: string): number | undefined {
  const named: Readonly<Record<string, number>> = { nan: NaN, infinity: Infinity, '-infinity': -Infinity };
  const lower = text.toLowerCase();
  if (Object.hasOwn(named, lower)) return named[lower];
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined;
}

function numberIn({ field, value, at }: Comparison): number {
  const number = asNumber(value);
  if (number === undefined) throw new RunQueryError(at, `${field} is compared with a number, and “${value}” is none.`);
  return number;
}

function needsEquality({ field, operator, at }: Comparison): void {
  if (/[<>]/.test(operator)) {
    throw new RunQueryError(at, `${field} is no number: compare it with “:”, “=” or “!=”, not “${operator}”.`);
  }
}

function needsStatus({ value, at }: Comparison): void {
  if ((runStatuses as readonly string[]).includes(value.toLowerCase())) return;
  throw new RunQueryError(at, `there is no status “${value}”; there are ${runStatuses.join(', ')}.`);
}

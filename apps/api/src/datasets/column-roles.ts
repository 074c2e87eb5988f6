import { rolesFor } from '@gan-dashboard/shared-types';
import type { DatasetColumn, DatasetPatch, SequenceRole } from '@gan-dashboard/shared-types';
import { unprocessable } from '../platform/http/problem';

type Changes = NonNullable<DatasetPatch['columns']>;

/**
 * The columns of a data set with the roles that people gave them.
 *
 * @throws ProblemException 422 for a column that there is not, a role that its values cannot have, or a second time or key
 */
export function withRoles(columns: readonly DatasetColumn[], changes: Changes): DatasetColumn[] {
  const errors = changes.flatMap((change, index) => mistakesOf(change, index, columns));
  if (errors.length > 0) throw unprocessable(errors.map(({ message }) => message).join('; '), errors);
  const byName = new Map(changes.map((change) => [change.name, change]));
  const changed = columns.map((column) => changedColumn(column, byName.get(column.name)));
  const doubled = (['time', 'key'] as const).flatMap((role) => doubledRole(role, changed));
  if (doubled.length > 0) throw unprocessable(doubled.map(({ message }) => message).join('; '), doubled);
  return changed;
}

function mistakesOf({ name, role }: Changes[number], index: number, columns: readonly DatasetColumn[]) {
  const column = columns.find((candidate) => candidate.name === name);
  if (!column) return [{ path: `columns.${index}.name`, message: `there is no column ${JSON.stringify(name)}` }];
  const allowed = rolesFor(column.type);
  if (role === undefined || allowed.includes(role)) return [];
  const message = `${name} holds ${column.type} values and cannot be ${role}; it can be ${allowed.join(', ')}`;
  return [{ path: `columns.${index}.role`, message }];
}

function changedColumn(column: DatasetColumn, change: Changes[number] | undefined): DatasetColumn {
  if (!change) return column;
  const { role = column.role, sequence_role: sequenceRole } = change;
  // The reason belonged to the proposal; people's choice needs none.
  const { role_reason: reason, sequence_role: own, ...rest } = column;
  const kept = reason !== undefined && role === column.role ? { role_reason: reason } : {};
  const wanted = sequenceRole === undefined ? own : (sequenceRole ?? undefined);
  return { ...rest, role, ...kept, ...(wanted === undefined ? {} : { sequence_role: wanted }) };
}

function doubledRole(role: SequenceRole, columns: readonly DatasetColumn[]) {
  const names = columns.filter((column) => column.sequence_role === role).map(({ name }) => name);
  if (names.length < 2) return [];
  const message = `${names.join(' and ')} both have the sequence role ${role}, which one column can have; take it from one of them (sequence_role: null)`;
  return [{ path: 'columns', message }];
}

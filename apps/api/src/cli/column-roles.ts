import { columnRoleSchema, rolesFor } from '@gan-dashboard/shared-types';
import type { DatasetColumn } from '@gan-dashboard/shared-types';
import { UsageError } from './failures';

/**
 * Gives columns the roles that were asked for (`name:role`); the others keep those that the import proposed.
 *
 * @throws UsageError for a column or a role that there is not
 */
export function withRoles(columns: readonly DatasetColumn[], wishes: readonly string[]): DatasetColumn[] {
  const roles = new Map(wishes.map((wish) => roleOf(wish, columns)));
  const changed = columns.map((column) => {
    const role = roles.get(column.name);
    if (role === undefined) return column;
    const { role_reason: _proposed, ...rest } = column;
    return { ...rest, role };
  });
  if (changed.some(({ role }) => role !== 'excluded' && role !== 'id')) return changed;
  throw new UsageError('--columns leaves nothing to learn: every column is an id or excluded. Give one another role.');
}

function roleOf(wish: string, columns: readonly DatasetColumn[]): [string, DatasetColumn['role']] {
  const at = wish.lastIndexOf(':');
  if (at < 1)
    throw new UsageError(`--columns has "${wish}"; it takes name:role, for example --columns zip:categorical.`);
  const name = wish.slice(0, at).trim();
  const column = columns.find((each) => each.name === name);
  if (!column) {
    const names = columns.map((each) => each.name).join(', ');
    throw new UsageError(`--columns names "${name}", which the table does not have. Its columns are: ${names}.`);
  }
  const asked = wish.slice(at + 1).trim();
  const role = columnRoleSchema.safeParse(asked).data;
  const possible = rolesFor(column.type);
  if (role === undefined || !possible.includes(role)) {
    throw new UsageError(
      `--columns makes "${name}" (${column.type}) ${asked || 'nothing'}; it can be: ${possible.join(', ')}.`,
    );
  }
  return [name, role];
}

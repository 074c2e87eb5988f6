export type Difference = 'same' | 'changed' | 'added' | 'removed';

/** A field of the settings beside that of the run it came from. */
export interface ConfigRow {
  readonly name: string;
  readonly value: string;
  readonly before: string;
  readonly difference: Difference;
}

/**
 * The settings of a run in the order of their names, what differs from the parent first. Without a parent nothing
 * differs.
 */
export function configRows(
  config: Readonly<Record<string, unknown>>,
  parent: Readonly<Record<string, unknown>> | null,
): ConfigRow[] {
  const names = new Set([...Object.keys(config), ...Object.keys(parent ?? {})]);
  const rows = [...names].toSorted().map((name): ConfigRow => {
    const value = textOf(config[name]);
    const before = textOf(parent?.[name]);
    return { name, value, before, difference: parent === null ? 'same' : differenceOf(value, before) };
  });
  return rows.toSorted((a, b) => Number(a.difference === 'same') - Number(b.difference === 'same'));
}

function differenceOf(value: string, before: string): Difference {
  if (value === before) return 'same';
  if (before === '') return 'added';
  return value === '' ? 'removed' : 'changed';
}

/** Empty: the field is not set. */
function textOf(value: unknown): string {
  if (value === undefined) return '';
  if (typeof value === 'string') return value;
  return Array.isArray(value) ? value.map(textOf).join(', ') : JSON.stringify(value);
}

import type { Run } from '@gan-dashboard/shared-types';

export const defaultColumns = [
  ...['id', 'name', 'status', 'model', 'created_at', 'started_at', 'ended_at', 'epoch', 'total_epochs', 'seed'],
  ...['tags', 'created_by'],
] as const;

/** A value of a run by the name of its column, as in `sort`: `config.<path>`, `summary.<metric>`, or its own field. */
export function columnValue(run: Run, column: string): unknown {
  if (column.startsWith('summary.')) return run.summary[column.slice(8)];
  if (column.startsWith('config.')) return configAt(run.config, column.slice(7));
  if (column === 'duration') return durationOf(run);
  return Object.hasOwn(run, column) ? run[column as keyof Run] : undefined;
}

function configAt(config: Run['config'], path: string): unknown {
  if (Object.hasOwn(config, path)) return config[path];
  return path
    .split('.')
    .reduce<unknown>(
      (value, key) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, key)
          ? (value as Record<string, unknown>)[key]
          : undefined,
      config,
    );
}

/** In seconds; of a run at work up to now it is not known here. */
function durationOf({ started_at: start, ended_at: end }: Run): number | undefined {
  return start === null || end === null ? undefined : (Date.parse(end) - Date.parse(start)) / 1_000;
}

/** One line of RFC 4180 with its line end. */
export function csvLine(values: readonly unknown[]): string {
  return `${values.map(csvCell).join(',')}\r\n`;
}

function csvCell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const text = typeof value === 'string' ? value : Array.isArray(value) ? value.join('; ') : JSON.stringify(value);
  // A spreadsheet would calculate what begins like a formula (OWASP, CSV injection).
  const safe = /^[=+@\t\r-]/.test(text) && text !== '-Infinity' ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

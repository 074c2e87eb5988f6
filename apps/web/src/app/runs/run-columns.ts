import { fromWireNumber } from '@gan-dashboard/shared-types';
import type { Run } from '@gan-dashboard/shared-types';
import { formatDuration, formatMetric, formatMoment, formatPercent, formatValue, notMeasured } from '../design/format';

/** Columns of every run; config fields and metrics come besides, as `config.<field>` and `summary.<metric>`. */
export const ownColumns: Readonly<Record<string, string>> = {
  name: $localize`Name`,
  status: $localize`Status`,
  model: $localize`Model`,
  created_at: $localize`Created`,
  started_at: $localize`Started`,
  ended_at: $localize`Ended`,
  duration: $localize`Duration`,
  epoch: $localize`Epoch`,
  progress_percent: $localize`Progress`,
  seed: $localize`Seed`,
  tags: $localize`Tags`,
  created_by: $localize`User`,
  priority: $localize`Priority`,
};

export const defaultColumns: readonly string[] = [
  ...['name', 'status', 'model', 'created_at', 'duration', 'progress_percent', 'tags'],
  ...['summary.generator_loss', 'summary.discriminator_loss'],
];

/** Everything else is a column that the server cannot sort by. */
export function isSortable(column: string): boolean {
  return column !== 'tags';
}

export function columnTitle(column: string): string {
  return ownColumns[column] ?? column.replace(/^(config|summary)\./, '');
}

/** The value of a `config.` field: by its whole name, else along its dots. */
export function configValue(config: Run['config'], path: string): unknown {
  if (Object.hasOwn(config, path)) return config[path];
  return path.split('.').reduce<unknown>((value, key) => {
    const isThere = typeof value === 'object' && value !== null && Object.hasOwn(value, key);
    return isThere ? (value as Record<string, unknown>)[key] : undefined;
  }, config);
}

/** The number in a column, for comparing; undefined where there is none. */
export function columnNumber(run: Run, column: string): number | undefined {
  if (column === 'duration') return durationOf(run);
  if (column.startsWith('summary.')) {
    const value = run.summary[column.slice(8)];
    return value === undefined ? undefined : fromWireNumber(value);
  }
  const value = column.startsWith('config.') ? configValue(run.config, column.slice(7)) : run[column as keyof Run];
  return typeof value === 'number' ? value : undefined;
}

export function columnText(run: Run, column: string): string {
  const number = columnNumber(run, column);
  if (column.startsWith('summary.')) return formatMetric(number);
  if (column === 'duration') return formatDuration(number ?? null);
  if (column === 'progress_percent') return formatPercent(run.progress_percent);
  if (column === 'epoch') return run.total_epochs > 0 ? `${run.epoch} / ${run.total_epochs}` : String(run.epoch);
  if (column === 'tags') return run.tags.join(', ');
  if (column === 'created_at' || column === 'started_at' || column === 'ended_at') {
    const moment = run[column];
    return moment === null ? notMeasured : formatMoment(moment);
  }
  return textOf(column.startsWith('config.') ? configValue(run.config, column.slice(7)) : run[column as keyof Run]);
}

/** A config value as text; objects and lists as JSON. */
export function textOf(value: unknown): string {
  if (value === null || value === undefined) return notMeasured;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return formatValue(value);
  return JSON.stringify(value);
}

/** By how much a value differs from that of the baseline, in percent; empty where that says nothing. */
export function deltaText(run: Run, baseline: Run | undefined, column: string): string {
  if (!baseline || baseline.id === run.id || !/^(summary\.|config\.|duration$)/.test(column)) return '';
  const value = columnNumber(run, column);
  const base = columnNumber(baseline, column);
  if (value === undefined || base === undefined || base === 0) return '';
  const percent = ((value - base) / Math.abs(base)) * 100;
  if (!Number.isFinite(percent)) return '';
  const size = Math.abs(percent).toFixed(Math.abs(percent) < 10 ? 1 : 0);
  if (Number(size) === 0) return '±0 %';
  return `${percent > 0 ? '+' : '−'}${size} %`;
}

/** The same hue for a run wherever it is drawn: the golden angle sets hashes that are near apart. */
export function runColor(id: string): string {
  let hash = 0;
  for (const character of id) hash = (Math.imul(hash, 31) + character.charCodeAt(0)) >>> 0;
  const hue = Math.round((hash * 137.508) % 360);
  return `light-dark(oklch(52% 0.15 ${hue}), oklch(78% 0.12 ${hue}))`;
}

function durationOf({ started_at: start, ended_at: end }: Run): number | undefined {
  return start === null || end === null ? undefined : (Date.parse(end) - Date.parse(start)) / 1_000;
}

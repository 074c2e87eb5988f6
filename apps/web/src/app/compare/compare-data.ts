import type { Run } from '@gan-dashboard/shared-types';
import { columnNumber, columnText } from '../runs/run-columns';
import { pairedTest } from './paired-test';
import type { PairedResult } from './paired-test';

/** One field over all runs. */
export interface DiffRow {
  readonly field: string;
  readonly values: readonly string[];
  readonly isDifferent: boolean;
}

/** What the runs were given; those that lack a field have `–`. */
export function configDiff(runs: readonly Run[]): DiffRow[] {
  const fields = [...new Set(runs.flatMap(({ config }) => Object.keys(config)))].sort();
  return ['model', 'dataset_id', 'seed', ...fields.map((field) => `config.${field}`)].map((column) => {
    const values = runs.map((run) => columnText(run, column));
    return { field: column, values, isDifferent: new Set(values).size > 1 };
  });
}

/** Columns with a finite number in at least one of the runs. */
export function numericColumns(runs: readonly Run[]): { config: string[]; metrics: string[] } {
  const of = (prefix: string, names: readonly string[]) =>
    [...new Set(names)]
      .map((name) => `${prefix}.${name}`)
      .filter((column) => runs.some((run) => Number.isFinite(columnNumber(run, column))))
      .sort();
  return {
    config: of(
      'config',
      runs.flatMap(({ config }) => Object.keys(config)),
    ),
    metrics: of(
      'summary',
      runs.flatMap(({ summary }) => Object.keys(summary)),
    ),
  };
}

/** Runs of one setting that differ in nothing but their seed. */
export interface SeedGroup {
  readonly label: string;
  readonly runs: readonly Run[];
}

/** Groups by everything but the seed, in the order of the runs. */
export function seedGroups(runs: readonly Run[]): SeedGroup[] {
  const groups = new Map<string, Run[]>();
  for (const run of runs) {
    const { seed: _seed, ...config } = run.config;
    const entries = Object.entries(config).sort(([a], [b]) => (a < b ? -1 : 1));
    const key = JSON.stringify([run.model, run.dataset_id, entries]);
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  const differing = configDiff(runs).filter(
    ({ field, isDifferent }) => isDifferent && field !== 'seed' && field !== 'config.seed',
  );
  return [...groups.values()].map((members) => ({ label: labelOf(members[0], differing), runs: members }));
}

function labelOf(run: Run | undefined, differing: readonly DiffRow[]): string {
  if (!run) return '';
  if (differing.length === 0) return run.model;
  return differing
    .slice(0, 3)
    .map(({ field }) => `${field.replace(/^config\./, '')} ${columnText(run, field)}`)
    .join(', ');
}

/** Pairs two groups by their seeds: what both were trained with, the newest run where one was trained twice. */
export function comparedBySeed(first: SeedGroup, second: SeedGroup, metric: string): PairedResult | null {
  const values = ({ runs }: SeedGroup) =>
    new Map(
      runs.toReversed().flatMap((run) => (run.seed === null ? [] : [[run.seed, columnNumber(run, metric)] as const])),
    );
  const others = values(second);
  const differences = [...values(first)].flatMap(([seed, value]) => {
    const difference = (others.get(seed) ?? NaN) - (value ?? NaN);
    return Number.isFinite(difference) ? [difference] : [];
  });
  return pairedTest(differences);
}

/** Where a value stands between the least (0) and the greatest (1) of its column; 0.5 where all are equal. */
export function placeOnAxis(value: number, values: readonly number[]): number {
  const finite = values.filter(Number.isFinite);
  const low = Math.min(...finite);
  const high = Math.max(...finite);
  return high > low ? (value - low) / (high - low) : 0.5;
}

/** Least and greatest place on an axis that are let through. */
export type Brush = readonly [number, number];

/** Whether a run passes every brush; one without the value does not pass. */
export function passes(run: Run, runs: readonly Run[], brushes: ReadonlyMap<string, Brush>): boolean {
  return [...brushes].every(([column, [low, high]]) => {
    const value = columnNumber(run, column);
    if (value === undefined || !Number.isFinite(value)) return false;
    const place = placeOnAxis(
      value,
      runs.map((other) => columnNumber(other, column) ?? NaN),
    );
    return place >= low && place <= high;
  });
}

import { quantityText } from '@gan-dashboard/shared-types';
import type { SamplePaths } from '@gan-dashboard/shared-types';
import { notMeasured } from '../../design/format';

export type PathMeasure = SamplePaths['measures'][number];
export type Path = PathMeasure['real'][number];

/** What a path is like in figures; each null where it has too few values. */
export interface PathFigures {
  first: number | null;
  last: number | null;
  low: number | null;
  high: number | null;
  /** Mean absolute change from one row to the next. */
  step: number | null;
}

export function figuresOf(path: Path): PathFigures {
  const known = path.filter((value) => value !== null);
  const steps = path.slice(1).flatMap((value, index) => {
    const before = path[index] ?? null;
    return value === null || before === null ? [] : [Math.abs(value - before)];
  });
  return {
    ...{ first: known[0] ?? null, last: known.at(-1) ?? null },
    ...{ low: known.length > 0 ? Math.min(...known) : null, high: known.length > 0 ? Math.max(...known) : null },
    step: steps.length > 0 ? steps.reduce((sum, step) => sum + step, 0) / steps.length : null,
  };
}

/** The axis that real and synthetic paths share; never empty. */
export function extentOf({ real, synthetic }: PathMeasure): { low: number; high: number } {
  const known = [...real, ...synthetic].flat().filter((value) => value !== null);
  const [low, high] = known.length > 0 ? [Math.min(...known), Math.max(...known)] : [0, 0];
  if (low < high) return { low, high };
  const room = Math.abs(low) * 0.05 || 1;
  return { low: low - room, high: high + room };
}

/** The paths of an epoch in a sentence. */
export function pathsText(epoch: number, length: number, { name, real, synthetic }: PathMeasure): string {
  return (
    $localize`At epoch ${epoch}, paths of ${name} over ${length} rows: real ones lie ${rangeText(real)}, ` +
    $localize`synthetic ones ${rangeText(synthetic)}; from row to row they move by ${stepText(real)} and ${stepText(synthetic)} on average.`
  );
}

function rangeText(paths: readonly Path[]): string {
  const known = paths.flat().filter((value) => value !== null);
  if (known.length === 0) return $localize`nowhere, without a value`;
  return $localize`between ${quantityText(Math.min(...known))} and ${quantityText(Math.max(...known))}`;
}

function stepText(paths: readonly Path[]): string {
  const steps = paths.map((path) => figuresOf(path).step).filter((step) => step !== null);
  return steps.length > 0 ? quantityText(steps.reduce((sum, step) => sum + step, 0) / steps.length) : notMeasured;
}

import type { ColumnPart, LiveColumn, LiveCorrelations, QualityUpdate, SamplePaths } from '@gan-dashboard/shared-types';

/** What the slider stands on: measurements in the order of steps, and the place between two of them. */
export interface Frame {
  readonly epoch: number;
  /** Real and synthetic shares of each column's values. */
  readonly columns: readonly LiveColumn[];
  /** As measured at the epoch, never mixed; undefined where they were not. */
  readonly correlations: LiveCorrelations | undefined;
  /** Likewise. */
  readonly paths: SamplePaths | undefined;
}

/**
 * The columns at a place between measurement `floor(place)` and the next one: synthetic shares in proportion, so that the
 * bars move rather than jump. Only whole places were measured.
 */
export function frameAt(measured: readonly QualityUpdate[], place: number): Frame | null {
  const index = Math.min(Math.max(0, Math.floor(place)), measured.length - 1);
  const [before, after] = [measured[index], measured[index + 1]];
  if (!before) return null;
  const share = after ? place - index : 0;
  const { epoch, correlations, paths } = before;
  if (!after || share <= 0) return { epoch, columns: before.columns, correlations, paths };
  return {
    ...{ epoch, correlations, paths },
    columns: before.columns.map((column) =>
      mixed(
        column,
        after.columns.find(({ name }) => name === column.name),
        share,
      ),
    ),
  };
}

function mixed(before: LiveColumn, after: LiveColumn | undefined, share: number): LiveColumn {
  const parts = before.parts.map((part): ColumnPart => {
    const next = after?.parts.find(({ label }) => label === part.label);
    return next ? { ...part, synthetic: part.synthetic + share * (next.synthetic - part.synthetic) } : part;
  });
  return { ...before, parts };
}

/** The measurement that a checkpoint is nearest to, by its step. */
export function placeOfStep(measured: readonly QualityUpdate[], step: number): number {
  return measured.reduce((best, update, index) => {
    const known = measured[best];
    return known && Math.abs(known.step - step) <= Math.abs(update.step - step) ? best : index;
  }, 0);
}

/** Total variation distance between real and synthetic shares of a column, 0 to 1. */
export function distanceOf({ parts }: Pick<LiveColumn, 'parts'>): number {
  return parts.reduce((sum, { real, synthetic }) => sum + Math.abs(real - synthetic), 0) / 2;
}

/** A frame in a sentence. */
export function frameText(frame: Frame): string {
  const judged = frame.columns.filter(({ parts }) => parts.length > 0);
  if (judged.length === 0) return $localize`At epoch ${frame.epoch} no column has values that were counted.`;
  const worst = judged.toSorted((a, b) => distanceOf(b) - distanceOf(a))[0] as LiveColumn;
  const mean = judged.reduce((sum, column) => sum + distanceOf(column), 0) / judged.length;
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
  return (
    $localize`At epoch ${frame.epoch}, ${percent(mean)} of the rows would have to move for the columns to fit on average; ` +
    $localize`furthest off is ${worst.name} with ${percent(distanceOf(worst))}.`
  );
}

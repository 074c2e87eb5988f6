import type { LiveScoreName, QualityUpdate } from '@gan-dashboard/shared-types';
import type { ChartLine } from '../../charts/line-chart';

const shown: readonly { name: LiveScoreName; label: string; color: string }[] = [
  { name: 'overall', label: $localize`Quality`, color: 'series-1' },
  { name: 'shapes', label: $localize`Shapes`, color: 'series-4' },
  { name: 'trends', label: $localize`Trends`, color: 'series-2' },
];

/**
 * The scores over the axis of the losses, with the floor and the ceiling of the overall score. All lines have the same x
 * positions; the last one is where the losses end, so that both charts have one extent.
 */
export function qualityLines(
  measured: readonly QualityUpdate[],
  { axis, end }: { axis: 'epoch' | 'step'; end: number | undefined },
): ChartLine[] {
  if (measured.length === 0) return [];
  const places = measured.map((update) => update[axis]);
  const reached = places.at(-1) ?? 0;
  const x = end !== undefined && end > reached ? [...places, end] : places;
  const filled = (values: (number | undefined)[], last: number | undefined) =>
    x.map((_, index) => (index < values.length ? values[index] : last) ?? Number.NaN);
  const scores = shown.flatMap(({ name, label, color }): ChartLine[] => {
    const values = measured.map(({ scores: found }) => found[name]?.value);
    if (values.every((value) => value === undefined)) return [];
    // What was measured last stands until the next measurement: the line is drawn on to where the losses are.
    return [{ label, color: `var(--gd-${color})`, x, y: filled(values, values.at(-1)) }];
  });
  const { floor, ceiling } = boundsOf(measured);
  const level = (value: number | undefined, label: string, color: string): ChartLine[] =>
    value === undefined ? [] : [{ label, color: `var(--gd-${color})`, x, y: x.map(() => value) }];
  return [...scores, ...level(floor, $localize`Floor`, 'muted'), ...level(ceiling, $localize`Ceiling`, 'real')];
}

/** Floor and ceiling of the overall score, as they were measured last. */
export function boundsOf(measured: readonly QualityUpdate[]): { floor?: number; ceiling?: number } {
  const overall = measured.at(-1)?.scores.overall;
  return {
    ...(overall?.floor === undefined ? {} : { floor: overall.floor }),
    ...(overall?.ceiling === undefined ? {} : { ceiling: overall.ceiling }),
  };
}

/** What the last score means, in a sentence. */
export function scoreText(measured: readonly QualityUpdate[]): string {
  const overall = measured.at(-1)?.scores.overall;
  if (!overall) return '';
  const { value, floor, ceiling } = overall;
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
  if (ceiling !== undefined && value > ceiling) {
    return $localize`Quality ${percent(value)}, above the ${percent(ceiling)} of real rows: that points to copies rather than to skill.`;
  }
  if (floor !== undefined && value < floor) {
    return $localize`Quality ${percent(value)}, still below the ${percent(floor)} that real rows with shuffled columns have.`;
  }
  if (floor !== undefined && ceiling !== undefined) {
    return $localize`Quality ${percent(value)}, between shuffled real rows (${percent(floor)}) and real rows (${percent(ceiling)}).`;
  }
  return $localize`Quality ${percent(value)}.`;
}

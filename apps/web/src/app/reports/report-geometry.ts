import type { FullQualityReport } from '@gan-dashboard/shared-types';

export const chartWidth = 320;
export const chartHeight = 96;

/** Shares as steps from the left to the right, closed along the bottom. */
export function stepPath(shares: readonly number[], top: number): string {
  const x = (bin: number) => Number(((bin / shares.length) * chartWidth).toFixed(2));
  const y = (share: number) => Number((chartHeight - (share / top) * (chartHeight - 6)).toFixed(2));
  const line = shares.map((share, bin) => `L${x(bin)} ${y(share)}L${x(bin + 1)} ${y(share)}`).join('');
  return `M0 ${chartHeight}${line}L${chartWidth} ${chartHeight}Z`;
}

/** A line through the values that were measured; it is broken where one was not. */
export function linePath(values: readonly (number | null)[], { low, high }: { low: number; high: number }): string {
  let isDrawn = false;
  return values
    .map((value, index) => {
      const command = isDrawn ? 'L' : 'M';
      isDrawn = value !== null;
      if (value === null) return '';
      const x = (index / Math.max(1, values.length - 1)) * chartWidth;
      return `${command}${x.toFixed(2)} ${yOf(value, { low, high }).toFixed(2)}`;
    })
    .join('');
}

export function yOf(value: number, { low, high }: { low: number; high: number }): number {
  return 4 + (1 - (value - low) / (high - low)) * (chartHeight - 8);
}

const mostColumns = 40;

export interface Maps {
  columns: string[];
  leftOut: number;
  maps: { title: string; kind: 'association' | 'difference'; cells: (number | null)[][] }[];
}

/** A pair of columns and what ties them, in the real and in the synthetic rows; null: not measured. */
export interface PairAssociation {
  columns: readonly [string, string];
  real: number | null;
  synthetic: number | null;
}

/** The associations of all pairs as squares, real, synthetic, and synthetic less real. */
export function mapsOf({ columns = [], pairs = [] }: Pick<FullQualityReport, 'columns' | 'pairs'>): Maps | undefined {
  const names = columns.slice(0, mostColumns).map(({ column }) => column);
  const known = pairs.map(({ columns: [a = '', b = ''], association: { real, synthetic } }) => ({
    columns: [a, b] as const,
    ...{ real, synthetic },
  }));
  const maps = mapsOfPairs(names, known);
  return maps && { ...maps, leftOut: columns.length - names.length };
}

/** {@link mapsOf} for pairs from elsewhere; pairs of other columns than `names` are left out. */
export function mapsOfPairs(names: readonly string[], pairs: readonly PairAssociation[]): Maps | undefined {
  if (names.length < 2) return undefined;
  const places = new Map(names.map((name, index) => [name, index]));
  const square = (diagonal: number) =>
    names.map((_, y) => names.map((_, x): number | null => (x === y ? diagonal : null)));
  const [realCells, syntheticCells, difference] = [square(1), square(1), square(0)];
  for (const { columns: pair, real, synthetic } of pairs) {
    const [a, b] = pair.map((name) => places.get(name));
    if (a === undefined || b === undefined) continue;
    const gap = real === null || synthetic === null ? null : synthetic - real;
    for (const [y, x] of [
      [a, b],
      [b, a],
    ] as const) {
      realCells[y]?.splice(x, 1, real);
      syntheticCells[y]?.splice(x, 1, synthetic);
      difference[y]?.splice(x, 1, gap);
    }
  }
  return {
    columns: [...names],
    leftOut: 0,
    maps: [
      { title: $localize`Real`, kind: 'association', cells: realCells },
      { title: $localize`Synthetic`, kind: 'association', cells: syntheticCells },
      { title: $localize`Difference`, kind: 'difference', cells: difference },
    ],
  };
}

/** Blue above 0, orange below; a difference is the more violet the larger. Grey: not measured. */
export function colourOf(value: number | null, kind: 'association' | 'difference'): string {
  if (value === null) return 'var(--gd-border)';
  const strength = Math.min(100, Math.abs(value) * (kind === 'difference' ? 200 : 100));
  const colour = kind === 'difference' ? 'generator' : value >= 0 ? 'discriminator' : 'fake';
  return `color-mix(in srgb, var(--gd-${colour}) ${strength.toFixed(0)}%, var(--gd-sunken))`;
}
